import Glibc

/// A blocking TCP client that sends exactly the bytes it is given.
final class RawClient {
    struct Reply {
        let status: Int
        /// Names in lower case.
        let headers: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    enum Failure: Error, Equatable {
        case connect(Int32)
        case send(Int32)
        /// Nothing came for a minute.
        case silence
        case reset
        /// The connection ended before the answer did; what had come until then.
        case ended([UInt8])
        case notHTTP([UInt8])
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let failed = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) != 0
            }
        }
        if failed { throw Failure.connect(errno) }
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.send(errno) }
            sent += count
        }
    }

    /// Reads what is there, waiting for at least one byte. False at the end of the connection.
    private func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { throw errno == ECONNRESET ? Failure.reset : Failure.silence }
        received += buffer[..<count]
        return count > 0
    }

    /// Everything up to the end of the connection.
    func readToEnd() throws -> [UInt8] {
        while try receive() {}
        defer { received = [] }
        return received
    }

    /// Takes `count` bytes from the connection.
    private func take(_ count: Int) throws -> [UInt8] {
        while received.count < count {
            guard try receive() else { throw Failure.ended(received) }
        }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// Takes a line from the connection, without its CR LF.
    private func takeLine() throws -> String {
        while true {
            if let feed = received.firstIndex(of: UInt8(ascii: "\n")) {
                return String(decoding: try take(feed + 1).dropLast(2), as: UTF8.self)
            }
            guard try receive() else { throw Failure.ended(received) }
        }
    }

    /// Reads one answer: its head, and its body unless `hasBody` is false (the answer to a HEAD).
    func readReply(hasBody: Bool = true) throws -> Reply {
        let words = try takeLine().split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Failure.notHTTP(received)
        }
        var headers: [String: String] = [:]
        while true {
            let line = try takeLine()
            if line.isEmpty { break }
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].drop { $0 == " " }.description
        }
        var body: [UInt8] = []
        if !hasBody || status == 204 || status == 304 || status == 100 {
            return Reply(status: status, headers: headers, body: [])
        } else if headers["transfer-encoding"] == "chunked" {
            while let size = Int(try takeLine(), radix: 16) {
                body += try take(size)
                _ = try takeLine()
                if size == 0 { break }
            }
        } else if let length = headers["content-length"].flatMap({ Int($0) }) {
            body = try take(length)
        } else {
            body = try readToEnd()
        }
        return Reply(status: status, headers: headers, body: body)
    }
}
