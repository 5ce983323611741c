import Dispatch
import Glibc

/// A plain HTTP client on a blocking socket, off the cooperative threads that the server needs.
final class TestClient: Sendable {
    struct Answer: Sendable {
        var status: Int
        var headers: [(String, String)]
        var body: String

        func header(_ name: String) -> String? { headers.first { $0.0 == name }?.1 }
    }

    private let socket: Int32

    /// `nil` if nobody listens there.
    init?(_ address: String) async {
        let connected = await Self.blocking { Self.connect(address) }
        guard let connected else { return nil }
        socket = connected
    }

    deinit { close(socket) }

    /// Sends the bytes and reads the answer: to the end of the connection, or one segment of it.
    func ask(_ request: String, untilEnd: Bool = true) async -> Answer? {
        await Self.blocking { [socket] in
            let bytes = Array(request.utf8)
            _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            if untilEnd { shutdown(socket, Int32(SHUT_WR)) }
            var received: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65536)
            repeat {
                let count = recv(socket, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                received.append(contentsOf: buffer[..<count])
            } while untilEnd || !received.contains(UInt8(ascii: "\n"))
            return Self.parse(received)
        }
    }

    /// Waits for the other side to close.
    func isClosedByPeer() async -> Bool {
        await Self.blocking { [socket] in
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = recv(socket, &buffer, buffer.count, 0)
                if count <= 0 { return true }
            }
        }
    }

    private static func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    private static func connect(_ address: String) -> Int32? {
        guard let colon = address.lastIndex(of: ":") else { return nil }
        let host = address[..<colon].filter { $0 != "[" && $0 != "]" }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(address[address.index(after: colon)...]), &hints, &found) == 0, let found else {
            return nil
        }
        defer { freeaddrinfo(found) }
        let descriptor = Glibc.socket(found.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        guard Glibc.connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func parse(_ bytes: [UInt8]) -> Answer? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count > 1, let status = Int(first[1]) else {
            return nil
        }
        let headers = lines.dropFirst().compactMap { line -> (String, String)? in
            let parts = line.split(separator: ": ", maxSplits: 1)
            return parts.count == 2 ? (parts[0].lowercased(), String(parts[1])) : nil
        }
        return Answer(status: status, headers: headers, body: String(text[end.upperBound...]))
    }
}
