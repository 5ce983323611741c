import Glibc

/// Systemd's end of the conversation with a service: a Unix datagram socket of the test's own. Its name goes into
/// `NOTIFY_SOCKET`.
package final class NotifySocket: Sendable {
    package let name: String
    private let descriptor: Int32

    /// - Parameter name: a path, or `@` and an abstract name.
    /// - Returns: nil when it cannot be had.
    package init?(_ name: String = "@postback-test-\(getpid())-\(RandomName.make(8))") {
        self.name = name
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var bytes = Array(name.utf8)
        if name.hasPrefix("/") { bytes.append(0) } else { bytes[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        var patience = Patience.time(20)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        if code != 0 { return nil }
    }

    deinit {
        close(descriptor)
        if name.hasPrefix("/") { unlink(name) }
    }

    /// The next message; nil when none comes within twenty seconds and `Patience`.
    package func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Reads on until a message has this line; nil when none of the next `limit` has it.
    package func receive(_ line: String, limit: Int = 200) -> [String]? {
        for _ in 0..<limit {
            guard let message = receive() else { return nil }
            let lines = message.split(separator: "\n").map(String.init)
            if lines.contains(line) { return lines }
        }
        return nil
    }
}
