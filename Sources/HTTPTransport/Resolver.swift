internal import CCares
internal import EventLoop
internal import Glibc

/// Resolves names with c-ares on the loop: no thread per look-up, answers with their time to live. The owner of an
/// `ares_channel`. Confined to the loop's thread.
@safe final class Resolver {
    private var channel: ares_channel?
    private let epoll: Epoll
    private var watched: Set<Int32> = []
    private var running = 0
    private let onAnswer: (String, Answer) -> Void

    enum Answer {
        case addresses([IPAddress], timeToLive: Int)
        case failed(TransferFailure)
    }

    init(epoll: Epoll, nameServers: [String], onAnswer: @escaping (String, Answer) -> Void) throws(TransferFailure) {
        self.epoll = epoll
        self.onAnswer = onAnswer
        var options = unsafe ares_options()
        unsafe options.timeout = 1500
        unsafe options.tries = 2
        // Without this a SERVFAIL or REFUSED for one name looks like name servers that cannot be reached.
        unsafe options.flags = Int32(ARES_FLAG_NOCHECKRESP)
        unsafe options.sock_state_cb = { context, descriptor, readable, writable in
            guard let context = unsafe context else { return }
            unsafe Unmanaged<Resolver>.fromOpaque(context).takeUnretainedValue()
                .watch(descriptor, readable: readable != 0, writable: writable != 0)
        }
        unsafe options.sock_state_cb_data = unsafe Unmanaged.passUnretained(self).toOpaque()
        var status = ares_library_init(ARES_LIB_INIT_ALL)
        if status == ARES_SUCCESS {
            status = unsafe ares_init_options(
                &channel,
                &options,
                ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB
            )
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

    /// Ends all look-ups; their answers do not come.
    func shutDown() {
        if let channel = unsafe channel { unsafe ares_destroy(channel) }
        unsafe channel = nil
    }

    private final class Query {
        unowned let resolver: Resolver
        let name: String
        init(_ resolver: Resolver, _ name: String) {
            self.resolver = resolver
            self.name = name
        }
    }

    /// The answer comes through `onAnswer`, possibly before this returns.
    func resolve(_ name: String) {
        var hints = ares_addrinfo_hints()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = Int32(ARES_AI_NOSORT)
        running += 1
        let query = unsafe Unmanaged.passRetained(Query(self, name)).toOpaque()
        unsafe ares_getaddrinfo(
            channel,
            name,
            nil,
            &hints,
            { context, status, _, result in
                guard let context = unsafe context else { return }
                let query = unsafe Unmanaged<Query>.fromOpaque(context).takeRetainedValue()
                defer { unsafe ares_freeaddrinfo(result) }
                // While the channel is destroyed there is nobody left to answer.
                if status == ARES_EDESTRUCTION { return }
                query.resolver.running -= 1
                unsafe query.resolver.onAnswer(query.name, Resolver.answer(query.name, status, result))
            },
            unsafe query
        )
    }

    private static func answer(
        _ name: String,
        _ status: Int32,
        _ result: UnsafeMutablePointer<ares_addrinfo>?
    ) -> Answer {
        guard status == ARES_SUCCESS, let result = unsafe result else {
            // No name server in reach is our own trouble; everything else is the name's.
            let own = [ARES_ECONNREFUSED, ARES_ENOMEM, ARES_EFILE].contains(status)
            let text = unsafe "resolving \(name): \(String(cString: ares_strerror(status)))"
            return .failed(TransferFailure(own ? .local : .resolve, text))
        }
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
        let failed = readiness.isFailure
        unsafe ares_process_fd(
            channel,
            failed || readiness.isReadable ? descriptor : ARES_SOCKET_BAD,
            failed || readiness.isWritable ? descriptor : ARES_SOCKET_BAD
        )
    }

    /// Nanoseconds until the next time-out of a query; nil when none runs.
    var timeUntilDeadline: Int64? {
        if running == 0 { return nil }
        var time = timeval()
        guard unsafe ares_timeout(channel, nil, &time) != nil else { return nil }
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1000
    }

    func runTimers() {
        if running > 0 { unsafe ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD) }
    }
}
