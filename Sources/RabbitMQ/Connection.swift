internal import CRabbitMQ
internal import CShims
internal import Glibc

/// How a TLS broker is verified and how we show who we are. Paths of PEM files.
package struct BrokerTLS: Sendable {
    package var authorities: String?
    package var certificate: String?
    package var key: String?

    package init(authorities: String? = nil, certificate: String? = nil, key: String? = nil) {
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
    }
}

/// One AMQP connection with one channel: the owner of librabbitmq's `amqp_connection_state_t`.
///
/// The library is single-threaded: one thread at a time may touch this. It may be opened on one thread and then be
/// handed, whole, to the loop that keeps it. Any error thrown means: drop it and open another.
@safe package final class Connection {
    static let channel: amqp_channel_t = 1
    static let frameMax: Int32 = 131_072
    /// Seconds. The library sends one itself whenever it is asked for frames; the broker gives up after two.
    static let heartbeat: Int32 = 30

    let state: amqp_connection_state_t
    /// To be watched for reading. Remove it from epoll before the connection is released.
    package let descriptor: Int32
    package let url: BrokerURL
    let arena = CallArena()

    /// Opens TCP (and TLS), logs in and opens the channel. Blocks for some seconds at worst, longer when the system's
    /// resolver hangs: not for a loop's thread.
    /// - Parameter name: shown by the broker's tools as the connection's name.
    package init(to url: BrokerURL, tls: BrokerTLS, name: String) throws(AMQPError) {
        guard let state = unsafe amqp_new_connection() else {
            throw AMQPError(.connectionLost, "no memory for a connection")
        }
        unsafe self.state = unsafe state
        self.url = url
        do {
            descriptor = unsafe try Self.open(state, url, tls)
        } catch {
            unsafe amqp_destroy_connection(state)
            throw error
        }
        // Every property is set by now: when this throws, deinit releases the connection.
        unsafe try Self.logIn(state, url, name, arena)
    }

    deinit {
        unsafe amqp_destroy_connection(state)
    }

    private static func open(
        _ state: amqp_connection_state_t,
        _ url: BrokerURL,
        _ tls: BrokerTLS
    ) throws(AMQPError) -> Int32 {
        let socket = unsafe url.isTLS ? amqp_ssl_socket_new(state) : amqp_tcp_socket_new(state)
        guard let socket = unsafe socket else { throw AMQPError(.connectionLost, "no memory for a socket") }
        if url.isTLS {
            // The library knows no default store before 0.14, and verifies nothing without one.
            let authorities = tls.authorities ?? "/etc/ssl/certs/ca-certificates.crt"
            guard unsafe amqp_ssl_socket_set_cacert(socket, authorities) == AMQP_STATUS_OK.rawValue else {
                throw AMQPError(.refused, "broker.tls.ca: no certificates could be read from \(authorities)")
            }
            if let certificate = tls.certificate {
                let key = tls.key ?? certificate
                guard unsafe amqp_ssl_socket_set_key(socket, certificate, key) == AMQP_STATUS_OK.rawValue else {
                    throw AMQPError(
                        .refused,
                        "broker.tls.cert, broker.tls.key: \(certificate) and \(key) are no certificate and its key"
                    )
                }
            }
            unsafe amqp_ssl_socket_set_verify_peer(socket, 1)
            unsafe amqp_ssl_socket_set_verify_hostname(socket, 1)
            unsafe amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST)
        }
        var timeout = timeval(tv_sec: 5, tv_usec: 0)
        unsafe amqp_set_handshake_timeout(state, &timeout)
        let status = unsafe amqp_socket_open_noblock(socket, url.host, Int32(url.port), &timeout)
        if status != AMQP_STATUS_OK.rawValue { throw AMQPError(status: status, during: "connecting to \(url.masked)") }
        return unsafe amqp_get_sockfd(state)
    }

    private static func logIn(
        _ state: amqp_connection_state_t,
        _ url: BrokerURL,
        _ name: String,
        _ arena: CallArena
    ) throws(AMQPError) {
        // Without these two a client is told neither that its queue is gone nor that the broker is full.
        let capabilities: [TableEntry] = [
            TableEntry("consumer_cancel_notify", .boolean(true)), TableEntry("connection.blocked", .boolean(true)),
        ]
        var properties = unsafe arena.table([
            arena.entry(TableEntry("capabilities", .table(capabilities))),
            arena.entry(TableEntry("connection_name", .text(name))),
            arena.entry(TableEntry("product", .text("postback"))),
        ])
        var reply = unsafe amqp_rpc_reply_t()
        unsafe shim_amqp_login(
            UnsafeMutableRawPointer(state),
            url.vhost,
            0,
            frameMax,
            heartbeat,
            &properties,
            url.user,
            url.password,
            &reply
        )
        arena.reset()
        if unsafe reply.reply_type != AMQP_RESPONSE_NORMAL {
            let error = unsafe AMQPError(reply: reply, during: "logging in to \(url.masked)")
            if case .closed(let code) = error.kind {
                throw AMQPError(.refused, "\(error.description) (code \(code); check user, password and vhost)")
            }
            throw error
        }
        var timeout = timeval(tv_sec: 10, tv_usec: 0)
        unsafe amqp_set_rpc_timeout(state, &timeout)
        unsafe amqp_channel_open(state, channel)
        unsafe try check(state, "opening a channel")
    }

    /// Throws what the last remote procedure call ended with.
    func check(_ action: String) throws(AMQPError) { unsafe try Self.check(state, action) }

    private static func check(_ state: amqp_connection_state_t, _ action: String) throws(AMQPError) {
        let reply = unsafe amqp_get_rpc_reply(state)
        if unsafe reply.reply_type != AMQP_RESPONSE_NORMAL { throw unsafe AMQPError(reply: reply, during: action) }
    }

    /// Says goodbye to the broker, waiting two seconds at most. Without it the broker notices the closed socket too.
    package func close() {
        var timeout = timeval(tv_sec: 2, tv_usec: 0)
        unsafe amqp_set_rpc_timeout(state, &timeout)
        unsafe amqp_connection_close(state, Int32(AMQP_REPLY_SUCCESS))
    }

    /// Bounds a write that the broker does not take: SO_SNDTIMEO has no effect here, TCP_USER_TIMEOUT has (PLUMBING 1.5).
    package func boundWrites(milliseconds: UInt32) {
        var value = milliseconds
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &value, UInt32(MemoryLayout<UInt32>.size))
    }

    /// True when frames may be waiting inside the library, for which no socket event will come.
    var hasBufferedInput: Bool { unsafe amqp_data_in_buffer(state) != 0 || amqp_frames_enqueued(state) != 0 }

    /// The next frame that is there already; nil when none is complete. Also sends and checks heartbeats, so it must be
    /// called at least once per heartbeat interval.
    func nextFrame(_ frame: inout amqp_frame_t) throws(AMQPError) -> Bool {
        var now = timeval(tv_sec: 0, tv_usec: 0)
        let status = unsafe amqp_simple_wait_frame_noblock(state, &frame, &now)
        if status == AMQP_STATUS_OK.rawValue { return true }
        if status == AMQP_STATUS_TIMEOUT.rawValue { return false }
        throw AMQPError(status: status, during: "reading from \(url.masked)")
    }

    /// The library sends heartbeats only while it is asked for frames.
    func sendHeartbeat() throws(AMQPError) {
        var frame = unsafe amqp_frame_t()
        unsafe frame.frame_type = UInt8(AMQP_FRAME_HEARTBEAT)
        let status = unsafe amqp_send_frame(state, &frame)
        if status != AMQP_STATUS_OK.rawValue {
            throw AMQPError(status: status, during: "sending a heartbeat to \(url.masked)")
        }
    }

    /// Gives the memory of read frames back to the pool; everything that pointed into it is void.
    func releaseFrames() {
        unsafe amqp_maybe_release_buffers_on_channel(state, Self.channel)
    }

    /// Answers what the broker may say at any time.
    /// - Returns: what happened, for the caller to act on; nil for a method that needs no attention.
    func notice(_ method: amqp_method_t) throws(AMQPError) -> BrokerNotice? {
        switch unsafe method.id {
        case UInt32(AMQP_CHANNEL_CLOSE_METHOD):
            var ok = amqp_channel_close_ok_t()
            unsafe amqp_send_method(state, Self.channel, UInt32(AMQP_CHANNEL_CLOSE_OK_METHOD), &ok)
            throw unsafe AMQPError(method: method, during: "talking to \(url.masked)")
        case UInt32(AMQP_CONNECTION_CLOSE_METHOD):
            var ok = amqp_connection_close_ok_t()
            unsafe amqp_send_method(state, 0, UInt32(AMQP_CONNECTION_CLOSE_OK_METHOD), &ok)
            throw unsafe AMQPError(method: method, during: "talking to \(url.masked)")
        case UInt32(AMQP_CONNECTION_BLOCKED_METHOD):
            let reason = unsafe method.decoded?.assumingMemoryBound(to: amqp_connection_blocked_t.self).pointee.reason
                .text
            return .blocked(reason: reason ?? "")
        case UInt32(AMQP_CONNECTION_UNBLOCKED_METHOD):
            return .unblocked
        case UInt32(AMQP_BASIC_CANCEL_METHOD):
            return .consumerCancelled
        default:
            return nil
        }
    }
}

/// What a broker may say unasked.
package enum BrokerNotice: Sendable, Equatable {
    /// An alarm (memory or disk): the broker reads no more from connections that publish.
    case blocked(reason: String)
    case unblocked
    case consumerCancelled
}
