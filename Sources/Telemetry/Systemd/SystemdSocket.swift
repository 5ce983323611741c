import Glibc

/// Where systemd wants to hear from the service that it started: a Unix datagram socket, with a path or an abstract
/// name (sd_notify(3)). Any thread may send.
package struct SystemdSocket: Sendable {
    /// As the kernel wants it in `sun_path`: a path with its final zero, or a zero and the abstract name.
    private let path: [UInt8]

    /// - Parameter name: the value of `NOTIFY_SOCKET`, which begins with `/` or, for an abstract name, with `@`.
    /// - Returns: nil when nobody asked, or for a socket of another kind.
    package init?(_ name: String?) {
        guard let name, let first = name.utf8.first else { return nil }
        switch first {
        case UInt8(ascii: "/"): path = Array(name.utf8) + [0]
        case UInt8(ascii: "@"): path = [0] + Array(name.utf8.dropFirst())
        default: return nil
        }
        guard path.count <= MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { return nil }
    }

    /// Sends these lines, such as `READY=1`, as one message, and waits for nothing.
    ///
    /// - Returns: whether systemd has it; false when its queue is full or its socket is gone.
    package func send(_ lines: [String]) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + path.count)
        let message = Array(lines.joined(separator: "\n").utf8)
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let sent = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                sendto(descriptor, message, message.count, flags, address, length)
            }
        }
        return sent == message.count
    }
}
