import Glibc
import Synchronization

/// A TCP listener on a loopback address, IPv4 or IPv6; port 0 for any that is free.
package final class LoopbackListener: Sendable {
    package let port: UInt16
    private let descriptor: Int32
    private let isOver = Atomic(false)

    package init(address: String = "127.0.0.1", port: UInt16 = 0) throws {
        let isV6 = address.contains(":")
        descriptor = socket(isV6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if descriptor < 0 { throw SocketFailure.refused(errno) }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var name = sockaddr_in6()
        if isV6 {
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            inet_pton(AF_INET6, address, &name.sin6_addr)
        }
        var length = socklen_t(isV6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let failed = withUnsafeMutablePointer(to: &name) { pointer in
            if !isV6 {
                pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    $0.pointee.sin_family = sa_family_t(AF_INET)
                    $0.pointee.sin_port = port.bigEndian
                    $0.pointee.sin_addr.s_addr = inet_addr(address)
                }
            }
            return pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 || listen(descriptor, 1024) != 0
                    || getsockname(descriptor, $0, &length) != 0
            }
        }
        if failed {
            defer { close(descriptor) }
            throw SocketFailure.refused(errno)
        }
        // Both families keep the port in the same place.
        self.port = UInt16(bigEndian: name.sin6_port)
    }

    deinit { close(descriptor) }

    /// The next connection; nil once `stop` was called.
    package func accept() -> LoopbackStream? {
        while !isOver.load(ordering: .acquiring) {
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&entry, 1, 20) != 1 { continue }
            let accepted = Glibc.accept(descriptor, nil, nil)
            if accepted >= 0 { return LoopbackStream(accepted) }
        }
        return nil
    }

    package func stop() { isOver.store(true, ordering: .releasing) }
}

package enum SocketFailure: Error, Equatable {
    case refused(Int32)
    /// The other side closed.
    case ended
    /// Nothing came, or nothing was taken, for 20 seconds and `Patience`.
    case silence
}
