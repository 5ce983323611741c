import Glibc
import Synchronization

/// One accepted connection, blocking, with a bound on every wait so that a broken test ends.
package final class LoopbackStream: Sendable {
    private let descriptor: Int32
    private let isClosed = Atomic(false)

    package init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var patience = Patience.time(20)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { Glibc.close(descriptor) }

    package func read(_ count: Int) throws(SocketFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += try readSome(atMost: count - bytes.count) }
        return bytes
    }

    package func readSome(atMost limit: Int = 65_536) throws(SocketFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = recv(descriptor, &bytes, limit, 0)
        if count > 0 { return Array(bytes[..<count]) }
        throw count == 0 || errno != EAGAIN ? .ended : .silence
    }

    /// How many bytes have arrived and were not read.
    package var waitingBytes: Int {
        var bytes = [UInt8](repeating: 0, count: 4096)
        return max(0, recv(descriptor, &bytes, bytes.count, Int32(MSG_PEEK | MSG_DONTWAIT)))
    }

    package func write(_ bytes: [UInt8]) throws(SocketFailure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { throw errno == EAGAIN ? .silence : .ended }
            sent += count
        }
    }

    /// Ends the connection, also under a read or write of another thread.
    package func close() {
        if !isClosed.exchange(true, ordering: .acquiringAndReleasing) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }
}
