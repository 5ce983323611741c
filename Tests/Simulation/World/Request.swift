/// One request of a lane: which delivery it is for, read from the URL.
struct Request {
    let serial: Int
    let route: String
    let attempt: Int
    let host: String

    /// - Parameter target: `/pb?s=SERIAL&a=ATTEMPT&r=ROUTE...` as the routes of the simulation have it.
    init(target: [UInt8], host: String) {
        var fields: [String: String] = [:]
        for field in String(decoding: target.drop { $0 != UInt8(ascii: "?") }.dropFirst(), as: UTF8.self).split(
            separator: "&"
        ) {
            let parts = field.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[String(parts[0])] = Self.decoded(parts[1]) }
        }
        serial = Int(fields["s"] ?? "") ?? 0
        attempt = Int(fields["a"] ?? "") ?? 0
        route = fields["r"] ?? ""
        self.host = host
    }

    private static func decoded(_ text: Substring) -> String {
        text.split(separator: "%2F", omittingEmptySubsequences: false).joined(separator: "/")
    }
}
