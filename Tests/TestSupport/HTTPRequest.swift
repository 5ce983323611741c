import Glibc

/// A plain HTTP/1.1 request over a blocking socket, for the admin endpoint and the tracker's own pages.
package struct HTTPRequest {
    package struct Answer: Sendable {
        package let status: Int
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// One request to a port of this machine, on a connection of its own, within ten seconds and `Patience`.
    package static func send(_ method: String = "GET", port: UInt16, _ target: String) throws -> Answer {
        let bytes = try exchange(port, "\(method) \(target) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
        guard let answer = parse(bytes) else {
            throw Failure(description: "\(target): \(bytes.count) bytes that are no answer")
        }
        return answer
    }

    private static func exchange(_ port: UInt16, _ request: String) throws -> [UInt8] {
        let descriptor = try Socket.connect(port: port, patience: 10)
        defer { close(descriptor) }
        try Socket.send(Array(request.utf8), to: descriptor)
        var received: [UInt8] = []
        while true {
            let piece = try Socket.receive(from: descriptor)
            if piece.isEmpty { return received }
            received += piece
        }
    }

    private static func parse(_ bytes: [UInt8]) -> Answer? {
        guard let end = index(of: Array("\r\n\r\n".utf8), in: bytes, from: 0) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        let words = head.prefix { $0 != "\r\n" }.split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { return nil }
        let body = Array(bytes[(end + 4)...])
        if !head.lowercased().contains("transfer-encoding: chunked") { return Answer(status: status, body: body) }
        return unchunk(body).map { Answer(status: status, body: $0) }
    }

    private static func unchunk(_ bytes: [UInt8]) -> [UInt8]? {
        var body: [UInt8] = []
        var position = 0
        while let end = index(of: [0x0D, 0x0A], in: bytes, from: position) {
            guard let size = Int(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16) else { return nil }
            if size == 0 { return body }
            guard end + 2 + size <= bytes.count else { return nil }
            body += bytes[(end + 2)..<(end + 2 + size)]
            position = end + 2 + size + 2
        }
        return nil
    }

    private static func index(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        var position = start
        while position + needle.count <= bytes.count {
            if bytes[position] == needle[0], bytes[position..<(position + needle.count)].elementsEqual(needle) {
                return position
            }
            position += 1
        }
        return nil
    }
}
