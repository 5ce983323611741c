// Types of the system belong to whichever C module the compiler met first, so all of them are imported.
internal import CCares
internal import CCurl
internal import CShims
internal import EventLoop
internal import Glibc

/// Asks name servers with c-ares on the loop: no thread per look-up, answers with their time to live. The owner of an
/// `ares_channel`. Confined to the loop's thread.
@safe final class NameChannel {
    enum Reply {
        case addresses([IPAddress], timeToLive: Int)
        /// A name server knows that there is nothing, or refuses to say.
        case denied(String)
        /// A name server could not find out, or none answered: the fault of the name's own servers or of ours.
        case doubtful(String)
        /// No memory, no descriptors.
        case local(String)
    }

    private var channel: ares_channel?
    private let epoll: Epoll
    private var watched: Set<Int32> = []
    /// Questions that c-ares has and has not given back.
    private(set) var outstanding = 0

    /// - Parameters:
    ///   - nameServers: `address` or `address:port`; those of `configuration` when there are none.
    ///   - configuration: a file such as `/etc/resolv.conf`.
    /// - Throws: `TransferFailure` of kind `local`.
    init(epoll: Epoll, nameServers: [String], configuration: String, port: UInt16) throws(TransferFailure) {
        self.epoll = epoll
        var options = unsafe ares_options()
        unsafe options.timeout = 1500
        unsafe options.tries = 2
        unsafe options.udp_port = port
        // NOCHECKRESP: otherwise a SERVFAIL or REFUSED for one name looks like name servers that cannot be reached.
        // NOSEARCH: the names in URLs are whole, and each search domain would be asked first.
        unsafe options.flags = Int32(ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES)
        unsafe options.sock_state_cb = { context, descriptor, readable, writable in
            guard let context = unsafe context else { return }
            unsafe Unmanaged<NameChannel>.fromOpaque(context).takeUnretainedValue()
                .watch(descriptor, readable: readable != 0, writable: writable != 0)
        }
        unsafe options.sock_state_cb_data = unsafe Unmanaged.passUnretained(self).toOpaque()
        var status = ares_library_init(ARES_LIB_INIT_ALL)
        if status == ARES_SUCCESS {
            status = unsafe configuration.withCString { path in
                unsafe options.resolvconf_path = UnsafeMutablePointer(mutating: path)
                return unsafe ares_init_options(
                    &channel,
                    &options,
                    ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB | ARES_OPT_RESOLVCONF
                        | ARES_OPT_UDP_PORT
                )
            }
        }
        if status == ARES_SUCCESS, !nameServers.isEmpty {
            status = unsafe ares_set_servers_ports_csv(channel, nameServers.joined(separator: ","))
        }
        if status != ARES_SUCCESS {
            throw TransferFailure(
                .local,
                unsafe "the resolver does not start: \(String(cString: ares_strerror(status)))"
            )
        }
    }

    /// Ends all questions; their answers do not come.
    func close() {
        if let channel = unsafe channel { unsafe ares_destroy(channel) }
        unsafe channel = nil
        outstanding = 0
    }

    /// What is to be done with the reply to one question.
    private final class Question {
        unowned let channel: NameChannel
        let onReply: (Reply) -> Void
        init(_ channel: NameChannel, _ onReply: @escaping (Reply) -> Void) {
            self.channel = channel
            self.onReply = onReply
        }
    }

    /// Asks for the addresses of a name. The reply may come before this returns.
    func ask(_ name: String, _ onReply: @escaping (Reply) -> Void) {
        var hints = ares_addrinfo_hints()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = Int32(ARES_AI_NOSORT)
        outstanding += 1
        let question = unsafe Unmanaged.passRetained(Question(self, onReply)).toOpaque()
        unsafe ares_getaddrinfo(
            channel,
            name,
            nil,
            &hints,
            { context, status, _, result in
                guard let context = unsafe context else { return }
                let question = unsafe Unmanaged<Question>.fromOpaque(context).takeRetainedValue()
                defer { unsafe ares_freeaddrinfo(result) }
                // While the channel is destroyed there is nobody left to answer.
                if status == ARES_EDESTRUCTION { return }
                question.channel.outstanding -= 1
                question.onReply(unsafe NameChannel.reply(status, result))
            },
            unsafe question
        )
    }

    /// Asks for a name that nobody has: whether our name servers find out anything at all.
    func probe(_ name: String, _ onReply: @escaping (Reply) -> Void) {
        outstanding += 1
        let question = unsafe Unmanaged.passRetained(Question(self, onReply)).toOpaque()
        let (classOfInternet, typeOfAddress): (Int32, Int32) = (1, 1)
        unsafe ares_query(
            channel,
            name,
            classOfInternet,
            typeOfAddress,
            { context, status, _, _, _ in
                guard let context = unsafe context else { return }
                let question = unsafe Unmanaged<Question>.fromOpaque(context).takeRetainedValue()
                if status == ARES_EDESTRUCTION { return }
                question.channel.outstanding -= 1
                question.onReply(
                    status == ARES_SUCCESS
                        ? .addresses([], timeToLive: 0) : NameChannel.failure(status)
                )
            },
            unsafe question
        )
    }

    private static func failure(_ status: Int32) -> Reply {
        let words = unsafe String(cString: ares_strerror(status))
        switch status {
        case ARES_ENOMEM, ARES_EFILE: return .local(words)
        case ARES_ESERVFAIL, ARES_ETIMEOUT, ARES_ECONNREFUSED, ARES_EBADRESP: return .doubtful(words)
        default: return .denied(words)
        }
    }

    private static func reply(_ status: Int32, _ result: UnsafeMutablePointer<ares_addrinfo>?) -> Reply {
        guard status == ARES_SUCCESS, let result = unsafe result else { return failure(status) }
        var v4: [IPAddress] = []
        var v6: [IPAddress] = []
        var timeToLive = Int(Int32.max)
        var node = unsafe result.pointee.nodes
        while let current = unsafe node {
            if let socket = unsafe current.pointee.ai_addr,
                let address = unsafe IPAddress(family: current.pointee.ai_family, socket)
            {
                if address.isV6 { v6.append(address) } else { v4.append(address) }
                timeToLive = unsafe min(timeToLive, Int(current.pointee.ai_ttl))
            }
            unsafe node = unsafe current.pointee.ai_next
        }
        // IPv4 first: one address is dialled at a time, and a host without IPv6 would fail on the first each time.
        return .addresses(v4 + v6, timeToLive: timeToLive)
    }

    private func watch(_ descriptor: Int32, readable: Bool, writable: Bool) {
        if !readable, !writable {
            epoll.remove(descriptor)
            watched.remove(descriptor)
            return
        }
        let interest = Readiness(isReadable: readable, isWritable: writable)
        let token = EventSource.resolver.token(descriptor: descriptor)
        // A name server's socket that epoll refuses shows as a time-out of the look-up.
        if watched.insert(descriptor).inserted {
            try? epoll.add(descriptor, interest, token: token)
        } else {
            try? epoll.modify(descriptor, interest, token: token)
        }
    }

    func act(on descriptor: Int32, _ readiness: Readiness) {
        // Of a channel that was closed in the same turn.
        if !watched.contains(descriptor) { return }
        let failed = readiness.isFailure
        unsafe ares_process_fd(
            channel,
            failed || readiness.isReadable ? descriptor : ARES_SOCKET_BAD,
            failed || readiness.isWritable ? descriptor : ARES_SOCKET_BAD
        )
    }

    /// Nanoseconds until the next time-out of a question; nil when none is out.
    var timeUntilDeadline: Int64? {
        if outstanding == 0 { return nil }
        var time = timeval()
        guard unsafe ares_timeout(channel, nil, &time) != nil else { return nil }
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1000
    }

    func runTimers() {
        if let rest = timeUntilDeadline, rest <= 0 { unsafe ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD) }
    }
}
