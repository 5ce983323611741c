internal import CRabbitMQ
internal import CShims
internal import Glibc

/// Frames that we wrote ourselves, past the library: many in one system call. Not over TLS, where only it can write.
extension Connection {
    var takesOwnFrames: Bool { !url.isTLS }

    /// The largest frame that both sides take, in bytes.
    var largestFrame: Int { unsafe Int(amqp_get_frame_max(state)) }

    /// Sends what the socket takes now.
    /// - Parameter start: what lies before was sent already.
    /// - Returns: how many bytes it took; 0 when it is full.
    func sendSome(_ bytes: [UInt8], from start: Int, during action: String) throws(AMQPError) -> Int {
        while start < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor,
                    bytes.baseAddress.map { unsafe $0 + start },
                    bytes.count - start,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if result > 0 { return result }
            switch errno {
            case EINTR: continue
            case EAGAIN: return 0
            default: throw AMQPError(.connectionLost, unsafe "\(action): \(String(cString: strerror(errno)))")
            }
        }
        return 0
    }

    /// Waits until the socket takes more.
    /// - Parameter patience: milliseconds after which it is an error.
    func awaitRoom(patience: Int32, during action: String) throws(AMQPError) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if unsafe poll(&entry, 1, patience) == 0 {
            throw AMQPError(.connectionLost, "\(action): the broker took nothing for \(patience / 1000) s")
        }
    }

    /// Sends all of it, waiting for the broker. Nothing else may be written in between: a heartbeat, which the library
    /// writes whenever it is asked for frames, would land within a frame.
    /// - Parameter patience: milliseconds without progress after which it is an error.
    func send(_ bytes: [UInt8], patience: Int32, during action: String) throws(AMQPError) {
        var sent = 0
        while sent < bytes.count {
            let count = try sendSome(bytes, from: sent, during: action)
            sent += count
            if count == 0 { try awaitRoom(patience: patience, during: action) }
        }
    }
}
