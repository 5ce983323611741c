internal import CCurl
internal import CShims
package import EventLoop
internal import Glibc

/// Runs HTTP requests with libcurl on an epoll loop: resolves names, vets and pins addresses, spreads transfers over
/// multi handles, and reports each end. It never queues: who starts a transfer has decided that it may run now.
/// Confined to the loop's thread.
@safe package final class HTTPTransport {
    let epoll: Epoll
    let options: TransportOptions
    var shards: [MultiHandle] = []
    /// When libcurl wants to be called about each of them, in monotonic nanoseconds; `.max` for never. Beside them, because
    /// all are looked at in each turn of the loop.
    var deadlines: [Int64] = []
    /// Those that libcurl was called about since `reap` last asked it for what is over.
    var acted: [MultiHandle] = []
    private var reaping: [MultiHandle] = []
    let makeShard: MakeShard
    let proxy: ForwardProxy?
    private let silenced = RequestHead.silenced()
    var resolver: Resolver?
    /// Every transfer there is: libcurl holds only bare pointers to those under way.
    private(set) var transfers: [Transfer] = []
    private var idle: [Transfer] = []
    private var pages = LargePages()
    /// With so many at once all that they touch still has its place in the processor's table.
    private static let transfersOnSmallPages = 1000
    var origins: [String: Origin] = [:]
    /// Which of them wait for the look-up of a name.
    var resolving: [String: [Origin]] = [:]
    /// For `forgetIdle`.
    var originsAfterTidying = 0
    var lastTidying: Int64 = 0
    /// Transfers that ended without libcurl, to be reported by `reap` like the others.
    private var ended: [Transfer] = []
    var sockets = SocketTable()
    /// The reading of the monotonic clock (nanoseconds) that all timers are counted from; set it in each turn of the
    /// loop, before anything else is called.
    package var now: Int64 = 0
    /// Look-ups that ended, by whether there was an answer; for the metrics.
    package var onLookUp: (Bool) -> Void = { _ in }
    /// A fault of libcurl's that cost transfers, in words; for the log.
    package var onFault: (String) -> Void = { _ in }
    package private(set) var inFlight = 0

    var connectionsPerShard = 0

    typealias MakeShard = (_ index: Int, _ connections: Int, HTTPTransport) throws(TransferFailure) -> MultiHandle

    package convenience init(epoll: Epoll, _ options: TransportOptions) throws(TransferFailure) {
        try self.init(epoll: epoll, options) { index, connections, transport throws(TransferFailure) in
            try MultiHandle(index: index, connections: connections, transport: transport)
        }
    }

    init(epoll: Epoll, _ options: TransportOptions, makeShard: @escaping MakeShard) throws(TransferFailure) {
        self.epoll = epoll
        self.options = options
        self.makeShard = makeShard
        proxy =
            options.proxy.isEmpty
            ? nil : try ForwardProxy(options.proxy, resolvesNames: options.resolvesAtProxy)
        try options.check()
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK else {
            throw TransferFailure(.local, "libcurl does not start")
        }
        now = Clock.monotonic()
        let count = Self.shardCount(concurrency: options.concurrency)
        deadlines = Array(repeating: .max, count: count)
        connectionsPerShard = Self.connectionsPerShard(concurrency: options.concurrency, shards: count)
        for index in 0..<count { shards.append(try makeShard(index, connectionsPerShard, self)) }
        resolver = try Resolver(
            epoll: epoll,
            nameServers: options.nameServers,
            configuration: options.resolverFile,
            port: options.nameServerPort
        ) { [unowned self] name, answer in resolved(name, answer) }
    }

    /// Frees every handle; transfers under way end without a report. Nothing may be started afterwards.
    package func shutDown() {
        resolver?.shutDown()
        resolver = nil
        for transfer in transfers where transfer.shard >= 0 { shards[transfer.shard].remove(transfer) }
        transfers = []
        idle = []
        ended = []
        // They and their waiting transfers refer to each other.
        for origin in origins.values { origin.waiting = [] }
        proxy?.origin.waiting = []
        origins = [:]
        resolving = [:]
        acted = []
        shards = []
        // Not emptied: libcurl may have said something of its timers while it was freed.
        for index in deadlines.indices { deadlines[index] = .max }
    }

    // MARK: Requests

    /// A transfer to fill and start; the same objects come again and again.
    package func makeTransfer() throws(TransferFailure) -> Transfer {
        if let transfer = idle.popLast() { return transfer }
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        let transfer = unsafe try Transfer(options, proxy: proxy, silenced: silenced, sockets: me) {
            context,
            descriptor in
            guard let context = unsafe context else { return -1 }
            return unsafe Unmanaged<HTTPTransport>.fromOpaque(context).takeUnretainedValue().closeSocket(descriptor)
        }
        transfer.index = transfers.count
        transfers.append(transfer)
        if transfers.count > Self.transfersOnSmallPages, LargePages.arePermitted {
            unsafe LargePages.ask(for: pages.note(UInt(bitPattern: transfer.easy)))
        }
        return transfer
    }

    /// Takes a transfer back after its end was handled.
    package func recycle(_ transfer: Transfer) {
        if transfer.sends > 1 || transfer.earlierResends > 0 || transfer.isSpoilt {
            // libcurl counts its silent re-sends over a handle's life and fails the sixth (PLUMBING 2.2).
            transfers.swapAt(transfer.index, transfers.count - 1)
            transfers[transfer.index].index = transfer.index
            transfers.removeLast()
            return
        }
        transfer.origin = nil
        idle.append(transfer)
    }

    /// What is known about a destination; the same object for the same destination.
    package func origin(isTLS: Bool, host: String, port: UInt16) throws(TransferFailure) -> Origin {
        let key = "\(isTLS ? "s" : "")\(port) \(host)"
        if let origin = origins[key] { return origin }
        let origin = try Origin(
            isTLS: isTLS,
            host: host,
            port: port,
            shardHint: Self.shardHint(origins.count, shards: shards.count),
            egress: options.egress,
            leavesNameToProxy: options.resolvesAtProxy || proxy?.leavesNames == true
        )
        origins[key] = origin
        keepConnections()
        return origin
    }

    /// Runs the request. A broken target or header fails it. Its end comes through `reap`, never from inside this call.
    package func start(_ transfer: Transfer, to origin: Origin) {
        inFlight += 1
        transfer.origin = origin
        transfer.addressTries = 0
        transfer.pin = nil
        transfer.earlierFailure = nil
        transfer.sends = 0
        transfer.earlierResends = 0
        transfer.lookUp = nil
        transfer.begunAt = nil
        dispatch(transfer, origin)
    }

    /// The same attempt, at another destination.
    func restart(_ transfer: Transfer, to origin: Origin) {
        transfer.origin = origin
        transfer.addressTries = 0
        transfer.pin = nil
        transfer.earlierFailure = nil
        dispatch(transfer, origin)
    }

    func dispatch(_ transfer: Transfer, _ origin: Origin) {
        guard isKnown(origin, for: transfer) else { return }
        guard let pin = origin.pin else {
            end(transfer, origin.failure ?? TransferFailure(.resolve, "\(origin.host) has no address"))
            return
        }
        if let proxy {
            guard isKnown(proxy.origin, for: transfer) else { return }
            if proxy.origin.pin == nil {
                end(
                    transfer,
                    TransferFailure(.local, "egress.proxy: \(proxy.origin.failure?.description ?? "no address")")
                )
                return
            }
        }
        do throws(TransferFailure) {
            let begun = transfer.begunAt ?? now
            transfer.begunAt = begun
            // A later hop has what the earlier ones left.
            let left = transfer.timeout - Int((now - begun) / 1_000_000)
            if left < 1 { throw TransferFailure(.timeout, "no time is left: \(transfer.timeout) ms are over") }
            try transfer.prepare(origin, pin, proxyPin: proxy?.origin.pin, timeout: left)
            try enter(transfer, origin)
        } catch {
            end(transfer, error)
        }
    }

    func end(_ transfer: Transfer, _ failure: TransferFailure) {
        transfer.forgetAnswer()
        transfer.result = .failed(failure)
        ended.append(transfer)
    }

    // MARK: The loop

    /// A socket of `EventSource.transfer` is ready.
    package func act(on token: UInt64, _ readiness: Readiness) {
        let descriptor = EventSource.descriptor(of: token)
        guard sockets.isWanted(descriptor) else {
            // An idle connection that the server closed: libcurl finds out when it wants it again.
            epoll.remove(descriptor)
            sockets.forget(descriptor)
            return
        }
        var mask: Int32 = 0
        if readiness.isReadable { mask |= CURL_CSELECT_IN }
        if readiness.isWritable { mask |= CURL_CSELECT_OUT }
        if readiness.isFailure { mask |= CURL_CSELECT_ERR }
        shards[EventSource.shard(of: token)].act(on: descriptor, mask: mask)
    }

    /// A socket of `EventSource.resolver` is ready.
    package func actOnResolver(_ token: UInt64, _ readiness: Readiness) {
        resolver?.act(on: EventSource.descriptor(of: token), readiness, now: now)
    }

    /// Runs what is due. Call in each turn of the loop.
    package func runTimers() {
        runShardTimers()
        resolver?.runTimers(now: now)
    }

    /// Monotonic nanoseconds at which `runTimers` is wanted; nil for never.
    package var deadline: Int64? {
        if !ended.isEmpty || !acted.isEmpty { return now }
        var deadline = soonestOfShards
        if let due = resolver?.deadline(now: now) { deadline = min(deadline, due) }
        return deadline == .max ? nil : deadline
    }

    /// Reports the transfers that are over. `complete` may start others: those go out at once, and not after another turn
    /// of the loop.
    package func reap(_ complete: (Transfer) -> Void) {
        report(complete)
        runShardTimers()
        report(complete)
    }

    private func report(_ complete: (Transfer) -> Void) {
        swap(&acted, &reaping)
        for shard in reaping {
            shard.hasActed = false
            while let (transfer, code) = shard.nextCompletion() {
                left(transfer)
                transfer.isSpoilt = shard.fault != nil
                transfer.conclude(code, proxyIsProven: proxy?.isProven(now: now) ?? true)
                if transfer.sends > 0 { proxy?.prove(now: now) }
                if triesNextAddress(transfer) || followsRedirect(transfer) { continue }
                inFlight -= 1
                complete(transfer)
            }
            if let fault = shard.fault, shards[shard.index] === shard { replace(shard, because: fault) }
        }
        reaping.removeAll(keepingCapacity: true)
        while !ended.isEmpty {
            let transfers = ended
            ended = []
            for transfer in transfers {
                inFlight -= 1
                complete(transfer)
            }
        }
    }
}
