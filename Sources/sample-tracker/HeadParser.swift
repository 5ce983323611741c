/// Reads a request head strictly (RFC 9112): a test server that forgives would hide the faults of its client.
struct HeadParser {
    /// Bytes of the request line and the fields together.
    static let limit = 64 * 1024

    private let bytes: [UInt8]
    private var head = RequestHead()
    private var hosts = 0
    private var length: Int?
    private var isChunked = false
    private var connectionOptions: [String] = []

    /// The head that is all of `bytes`, the empty line included.
    static func parse(_ bytes: [UInt8]) throws(MalformedRequest) -> RequestHead {
        var parser = HeadParser(bytes: bytes)
        return try parser.parse()
    }

    /// The position behind the empty line that ends a head, searching from `start`; nil while it has not arrived.
    static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
        var index = start + 3
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                if bytes[index - 1] == UInt8(ascii: "\r"), bytes[index - 2] == UInt8(ascii: "\n"),
                    bytes[index - 3] == UInt8(ascii: "\r")
                {
                    return index + 1
                }
                index += 2
            case UInt8(ascii: "\r"): index += 1
            default: index += 4
            }
        }
        return nil
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func parse() throws(MalformedRequest) -> RequestHead {
        head.fields.reserveCapacity(12)
        var line = try lineRange(from: 0)
        try parseRequestLine(line)
        while true {
            line = try lineRange(from: line.upperBound + 2)
            if line.isEmpty { break }
            try parseField(line)
        }
        try conclude()
        return head
    }

    /// The line that begins at `start`, without its CR LF.
    private func lineRange(from start: Int) throws(MalformedRequest) -> Range<Int> {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\r") {
                guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\n") else { break }
                return start..<index
            }
            if byte < 0x20, byte != UInt8(ascii: "\t") { break }
            index += 1
        }
        throw MalformedRequest("a control character, or a line end that is not CR LF, in the head")
    }

    private mutating func parseRequestLine(_ line: Range<Int>) throws(MalformedRequest) {
        guard let first = bytes[line].firstIndex(of: UInt8(ascii: " ")),
            let last = bytes[line].lastIndex(of: UInt8(ascii: " ")), first < last
        else { throw MalformedRequest("the request line is not METHOD TARGET VERSION") }
        head.methodName = line.lowerBound..<first
        head.target = first + 1..<last
        guard !head.methodName.isEmpty, bytes[head.methodName].allSatisfy(Self.isToken) else {
            throw MalformedRequest("the method is not a token")
        }
        head.method = RequestHead.Method(rawValue: text(head.methodName)) ?? .other
        switch text(last + 1..<line.upperBound) {
        case "HTTP/1.1": head.isVersion11 = true
        case "HTTP/1.0": head.isVersion11 = false
        default: throw MalformedRequest("the version is neither HTTP/1.1 nor HTTP/1.0", status: 505)
        }
        try splitTarget()
    }

    private mutating func splitTarget() throws(MalformedRequest) {
        let target = head.target
        guard !target.isEmpty, bytes[target].allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "#") }) else {
            throw MalformedRequest("the target is empty or has a blank, a '#' or a byte outside of ASCII in it")
        }
        var start = target.lowerBound
        if bytes[start] != UInt8(ascii: "/") {
            // A proxy is asked with the absolute form (RFC 9112, 3.2.2).
            guard bytes[target].starts(with: "http://".utf8) else {
                throw MalformedRequest("the target begins neither with / nor with http://")
            }
            start = bytes[start + 7..<target.upperBound].firstIndex(of: UInt8(ascii: "/")) ?? target.upperBound
        }
        let rest = start..<target.upperBound
        let mark = bytes[rest].firstIndex(of: UInt8(ascii: "?")) ?? rest.upperBound
        head.path = rest.lowerBound..<mark
        head.query = min(mark + 1, rest.upperBound)..<rest.upperBound
    }

    private mutating func parseField(_ line: Range<Int>) throws(MalformedRequest) {
        guard let colon = bytes[line].firstIndex(of: UInt8(ascii: ":")), colon > line.lowerBound,
            bytes[line.lowerBound..<colon].allSatisfy(Self.isToken)
        else { throw MalformedRequest("a header field without a correct name") }
        var value = colon + 1..<line.upperBound
        while let first = value.first, Self.isBlank(bytes[first]) { value.removeFirst() }
        while let last = value.last, Self.isBlank(bytes[last]) { value.removeLast() }
        head.fields.append(RequestHead.Field(name: line.lowerBound..<colon, value: value))
        // Only these few lengths are worth a closer look: host, expect, connection, content-length, transfer-encoding.
        switch colon - line.lowerBound {
        case 4, 6, 10, 14, 17: try interpret(name: text(line.lowerBound..<colon).lowercased(), value: value)
        default: break
        }
    }

    private mutating func interpret(name: String, value: Range<Int>) throws(MalformedRequest) {
        switch name {
        case "host": hosts += 1
        case "expect": head.expectsContinue = text(value).lowercased() == "100-continue"
        case "connection": connectionOptions.append(text(value).lowercased())
        case "transfer-encoding":
            guard text(value).lowercased() == "chunked", !isChunked else {
                throw MalformedRequest("the only transfer coding is chunked", status: 501)
            }
            isChunked = true
        case "content-length":
            guard !value.isEmpty, bytes[value].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text(value)),
                length == nil || length == number
            else { throw MalformedRequest("Content-Length is not one decimal number") }
            length = number
        default: break
        }
    }

    private mutating func conclude() throws(MalformedRequest) {
        if isChunked {
            guard length == nil else { throw MalformedRequest("both Content-Length and Transfer-Encoding") }
            guard head.isVersion11 else { throw MalformedRequest("Transfer-Encoding in HTTP/1.0") }
            head.body = .chunked
        } else if let length {
            guard length <= BodyReader.limit else {
                throw MalformedRequest("a body of more than \(BodyReader.limit) bytes", status: 413)
            }
            head.body = .fixed(length)
        }
        guard hosts == 1 || (hosts == 0 && !head.isVersion11) else {
            throw MalformedRequest("HTTP/1.1 needs exactly one Host field")
        }
        let options = connectionOptions.joined(separator: ",")
        head.keepsAlive = head.isVersion11 ? !options.contains("close") : options.contains("keep-alive")
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// `tchar` of RFC 9110, 5.6.2.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "^")...UInt8(ascii: "`"), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
