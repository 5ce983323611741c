internal import CCurl
internal import EventLoop
internal import Glibc

/// libcurl's sockets in the loop's epoll.
extension HTTPTransport {
    /// libcurl says what it wants to know about a socket. A socket that it lets go between two requests stays in epoll:
    /// that saves two system calls a delivery (PERFORMANCE section 4).
    func watch(_ descriptor: Int32, what: Int32, shard: Int) -> Int32 {
        if what == CURL_POLL_REMOVE {
            sockets.release(descriptor)
            return 0
        }
        let interest = Readiness(isReadable: what & CURL_POLL_IN != 0, isWritable: what & CURL_POLL_OUT != 0)
        let token = EventSource.transfer.token(descriptor: descriptor, shard: shard)
        do throws(SystemError) {
            switch sockets.want(descriptor, interest, shard: shard) {
            case .nothing: break
            case .add: try epoll.watch(descriptor, interest, token: token, isKnown: false)
            case .modify: try epoll.watch(descriptor, interest, token: token, isKnown: true)
            }
            return 0
        } catch {
            sockets.forget(descriptor)
            return -1
        }
    }

    func closeSocket(_ descriptor: Int32) -> Int32 {
        sockets.forget(descriptor)
        return close(descriptor)
    }
}
