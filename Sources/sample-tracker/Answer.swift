/// Writes answers.
struct Answer {
    /// What of the request the form of the answer depends on.
    struct Form {
        let isHead: Bool
        let isVersion11: Bool
        let keepsAlive: Bool

        /// The same, with the connection closed after the answer.
        var closing: Form { Form(isHead: isHead, isVersion11: isVersion11, keepsAlive: false) }
    }

    /// The `Date` field's value, made once a second.
    private var date: [UInt8] = []
    private var dateSecond: Int64 = -1

    /// Bytes announced with `short=1` and never sent.
    private static let missing = 1000

    /// A correct answer's head, and its body unless that is generated (`bigBody`) or must not be there.
    /// `form.keepsAlive` must be what will be done with the connection.
    mutating func write(_ behaviour: Behaviour, form: Form, now: Int64, to output: inout [UInt8]) {
        let status = behaviour.status
        output += "HTTP/1.1 ".utf8
        output += String(status).utf8
        output.append(UInt8(ascii: " "))
        output += Self.reason(status).utf8
        output += "\r\nServer: sample-tracker\r\nDate: ".utf8
        writeDate(now / 1000, to: &output)
        if let retryAfter = behaviour.retryAfter {
            output += "\r\nRetry-After: ".utf8
            switch retryAfter {
            case .seconds(let seconds): output += String(seconds).utf8
            case .date(let seconds): output += HTTPDate(seconds: now / 1000 + Int64(seconds)).text.utf8
            }
        }
        if let location = behaviour.location {
            output += "\r\nLocation: ".utf8
            output += location
        }
        if behaviour.extraHeader > 0 {
            output += "\r\nX-Filler: ".utf8
            output += repeatElement(UInt8(ascii: "x"), count: behaviour.extraHeader)
        }
        if !form.keepsAlive {
            output += "\r\nConnection: close".utf8
        } else if !form.isVersion11 {
            output += "\r\nConnection: keep-alive".utf8
        }
        writeBody(behaviour, form: form, to: &output)
    }

    private func writeBody(_ behaviour: Behaviour, form: Form, to output: inout [UInt8]) {
        guard behaviour.status != 204, behaviour.status != 304 else {
            output += "\r\n\r\n".utf8
            return
        }
        output += "\r\nContent-Type: ".utf8
        output += behaviour.contentType ?? Array("text/plain; charset=utf-8".utf8)
        if behaviour.bigBody != nil {
            // HTTP/1.0 knows no chunks: there the end of the connection is the end of the body.
            if form.isVersion11 { output += "\r\nTransfer-Encoding: chunked".utf8 }
            output += "\r\n\r\n".utf8
            return
        }
        let body = behaviour.body ?? Self.usualBody(behaviour.status)
        output += "\r\nContent-Length: ".utf8
        output += String(body.count + (behaviour.ending == .short ? Self.missing : 0)).utf8
        output += "\r\n\r\n".utf8
        if !form.isHead { output += body }
    }

    private mutating func writeDate(_ second: Int64, to output: inout [UInt8]) {
        if second != dateSecond {
            dateSecond = second
            date = Array(HTTPDate(seconds: second).text.utf8)
        }
        output += date
    }

    private static let okBody = Array("ok".utf8)

    private static func usualBody(_ status: Int) -> [UInt8] {
        status < 300 ? okBody : Array("\(status) \(reason(status))\n".utf8)
    }

    static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 413: "Content Too Large"
        case 425: "Too Early"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Status"
        }
    }
}
