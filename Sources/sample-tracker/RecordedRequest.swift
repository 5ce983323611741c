/// One request as it was received, with what was decided about it.
struct RecordedRequest {
    /// Milliseconds since 1970.
    let time: Int64
    /// Connections are numbered from 1 in the order of their acceptance.
    let connection: UInt64
    /// Number of the request on its connection, from 1.
    let number: Int
    /// The status that is sent; nil when no correct answer is.
    let status: Int?
    let headBytes: [UInt8]
    let head: RequestHead
    let body: ArraySlice<UInt8>

    /// One JSON object, without a line end.
    func write(to json: inout JSONText) {
        json.raw("{\"time\":")
        json.number(time)
        json.raw(",\"connection\":")
        json.number(connection)
        json.raw(",\"request\":")
        json.number(number)
        json.raw(",\"status\":")
        if let status { json.number(status) } else { json.raw("null") }
        json.raw(",\"method\":")
        json.string(headBytes[head.methodName])
        json.raw(",\"target\":")
        json.string(headBytes[head.target])
        json.raw(",\"path\":")
        json.string(headBytes[head.path])
        json.raw(",\"query\":")
        writeQuery(to: &json)
        json.raw(",\"headers\":")
        writeHeaders(to: &json)
        if String(validating: body, as: UTF8.self) != nil {
            json.raw(",\"body\":")
            json.string(body)
        } else {
            json.raw(",\"body_base64\":")
            json.string(Base64.encode(body))
        }
        json.raw("}")
    }

    /// An object of the decoded parameters. The first value of a name stands; the names that came again are listed too.
    private func writeQuery(to json: inout JSONText) {
        var seen: Set<[UInt8]> = []
        var repeated: [[UInt8]] = []
        json.raw("{")
        for (name, value) in QueryPairs(headBytes, in: head.query) {
            let name = PercentDecoding.decode(name)
            guard seen.insert(name).inserted else {
                repeated.append(name)
                continue
            }
            if seen.count > 1 { json.raw(",") }
            json.string(name)
            json.raw(":")
            json.string(PercentDecoding.decode(value))
        }
        json.raw("}")
        guard !repeated.isEmpty else { return }
        json.raw(",\"repeated\":[")
        for (index, name) in repeated.enumerated() {
            if index > 0 { json.raw(",") }
            json.string(name)
        }
        json.raw("]")
    }

    /// An object with lower-case names; fields of the same name are joined by a comma (RFC 9110, 5.3).
    private func writeHeaders(to json: inout JSONText) {
        var names: [[UInt8]] = []
        var values: [[UInt8]] = []
        for field in head.fields {
            let name = headBytes[field.name].map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 }
            if let index = names.firstIndex(of: name) {
                values[index] += ", ".utf8
                values[index] += headBytes[field.value]
            } else {
                names.append(name)
                values.append(Array(headBytes[field.value]))
            }
        }
        json.raw("{")
        for index in names.indices {
            if index > 0 { json.raw(",") }
            json.string(names[index])
            json.raw(":")
            json.string(values[index])
        }
        json.raw("}")
    }
}
