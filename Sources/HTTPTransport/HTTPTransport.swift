internal import CCurl
internal import CShims
package import EventLoop
internal import Glibc

/// Runs HTTP requests with libcurl on an epoll loop: resolves names, vets and pins addresses, spreads transfers over
/// multi handles, and reports each end. It never queues: who starts a transfer has decided that it may run now.
/// Confined to the loop's thread.
@safe package final class HTTPTransport {
    private let epoll: Epoll
    private let options: TransportOptions
    private var shards: [MultiHandle] = []
    private var resolver: Resolver?
    /// Every transfer there is: libcurl holds only bare pointers to those under way.
    private var transfers: [Transfer] = []
    private var idle: [Transfer] = []
    var origins: [String: Origin] = [:]
    /// For `forgetIdle`.
    var originsAfterTidying = 0
    var lastTidying: Int64 = 0
    /// Transfers that ended without libcurl, to be reported by `reap` like the others.
    private var ended: [Transfer] = []
    private var sockets = SocketTable()
    /// The reading of the monotonic clock (nanoseconds) that all timers are counted from; set it in each turn of the
    /// loop, before anything else is called.
    package var now: Int64 = 0
    /// Look-ups that ended, by whether there was an answer; for the metrics.
    package var onLookUp: (Bool) -> Void = { _ in }
    package private(set) var inFlight = 0

    /// Transfers per multi handle, above which the cost of each grows (PERFORMANCE section 5).
    private static let transfersPerShard = 1000

    package init(epoll: Epoll, _ options: TransportOptions) throws(TransferFailure) {
        self.epoll = epoll
        self.options = options
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK else {
            throw TransferFailure(.local, "libcurl does not start")
        }
        now = Clock.monotonic()
        let count = (options.concurrency + Self.transfersPerShard - 1) / Self.transfersPerShard
        for index in 0..<max(1, count) {
            let connections = options.concurrency / max(1, count) + 64
            shards.append(try MultiHandle(index: index, connections: connections, transport: self))
        }
        resolver = try Resolver(epoll: epoll, nameServers: options.nameServers) { [unowned self] name, answer in
            resolved(name, answer)
        }
    }

    /// Frees every handle; transfers under way end without a report. Nothing may be started afterwards.
    package func shutDown() {
        resolver?.shutDown()
        resolver = nil
        for transfer in transfers where transfer.shard >= 0 { try? shards[transfer.shard].remove(transfer) }
        transfers = []
        idle = []
        ended = []
        // They and their waiting transfers refer to each other.
        for origin in origins.values { origin.waiting = [] }
        origins = [:]
        shards = []
    }

    // MARK: Requests

    /// A transfer to fill and start; the same objects come again and again.
    package func makeTransfer() throws(TransferFailure) -> Transfer {
        if let transfer = idle.popLast() { return transfer }
        let transfer = unsafe try Transfer(options, sockets: Unmanaged.passUnretained(self).toOpaque()) {
            context,
            descriptor in
            guard let context = unsafe context else { return -1 }
            return unsafe Unmanaged<HTTPTransport>.fromOpaque(context).takeUnretainedValue().closeSocket(descriptor)
        }
        transfer.index = transfers.count
        transfers.append(transfer)
        return transfer
    }

    /// Takes a transfer back after its end was handled.
    package func recycle(_ transfer: Transfer) {
        if transfer.sends > 1 || transfer.earlierResends > 0 {
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
            shardHint: origins.count % shards.count,
            egress: options.egress
        )
        origins[key] = origin
        return origin
    }

    /// Runs the request. Its end comes through `reap`, never from inside this call.
    package func start(_ transfer: Transfer, to origin: Origin) {
        inFlight += 1
        transfer.origin = origin
        transfer.addressTries = 0
        transfer.pin = nil
        transfer.sends = 0
        transfer.earlierResends = 0
        dispatch(transfer, origin)
    }

    /// The same attempt, at another destination.
    func restart(_ transfer: Transfer, to origin: Origin) {
        transfer.origin = origin
        transfer.addressTries = 0
        transfer.pin = nil
        dispatch(transfer, origin)
    }

    private func dispatch(_ transfer: Transfer, _ origin: Origin) {
        if origin.expires <= now, !origin.isLiteral {
            origin.waiting.append(transfer)
            if !origin.isResolving {
                origin.isResolving = true
                resolver?.resolve(origin.host)
            }
            return
        }
        guard let pin = origin.pin else {
            end(transfer, origin.failure ?? TransferFailure(.resolve, "\(origin.host) has no address"))
            return
        }
        do throws(TransferFailure) {
            try transfer.prepare(origin, pin)
            let shard = shard(for: origin)
            try shard.add(transfer)
            transfer.shard = shard.index
        } catch {
            end(transfer, error)
        }
    }

    /// The same handle for the same destination, so that its connections are found again; the emptiest when that is full.
    private func shard(for origin: Origin) -> MultiHandle {
        let preferred = shards[origin.shardHint]
        if preferred.count < Self.transfersPerShard || shards.count == 1 { return preferred }
        return shards.min { $0.count < $1.count } ?? preferred
    }

    private func end(_ transfer: Transfer, _ failure: TransferFailure) {
        transfer.forgetAnswer()
        transfer.result = .failed(failure)
        ended.append(transfer)
    }

    private func resolved(_ name: String, _ answer: Resolver.Answer) {
        for origin in origins.values where origin.isResolving && origin.host == name {
            origin.isResolving = false
            switch answer {
            case .addresses(let addresses, let timeToLive):
                let seconds = Int64(min(max(timeToLive, 5), 300))
                origin.resolved(addresses, until: now + seconds * 1_000_000_000, egress: options.egress)
            case .failed(let failure):
                // Long enough that a burst asks once, short enough that a mended name is found.
                origin.failed(failure, until: now + 1_000_000_000)
            }
            onLookUp(origin.failure == nil)
            let waiting = origin.waiting
            origin.waiting = []
            for transfer in waiting { dispatch(transfer, origin) }
        }
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
        // What goes wrong with a transfer shows in its result; the call itself fails only on misuse.
        try? shards[EventSource.shard(of: token)].act(on: descriptor, mask: mask)
    }

    /// A socket of `EventSource.resolver` is ready.
    package func actOnResolver(_ token: UInt64, _ readiness: Readiness) {
        resolver?.act(on: EventSource.descriptor(of: token), readiness)
    }

    /// Runs what is due. Call in each turn of the loop.
    package func runTimers() {
        for shard in shards { try? shard.runTimer(now: now) }
        if let rest = resolver?.timeUntilDeadline, rest <= 0 { resolver?.runTimers() }
    }

    /// Monotonic nanoseconds at which `runTimers` is wanted; nil for never.
    package var deadline: Int64? {
        var deadline: Int64? = ended.isEmpty ? nil : now
        for shard in shards {
            if let due = shard.deadline { deadline = min(deadline ?? due, due) }
        }
        if let rest = resolver?.timeUntilDeadline { deadline = min(deadline ?? .max, now + rest) }
        return deadline
    }

    /// Reports the transfers that are over. `complete` may start others.
    package func reap(_ complete: (Transfer) -> Void) {
        for shard in shards {
            while let (transfer, code) = (try? shard.nextCompletion()) ?? nil {
                transfer.shard = -1
                transfer.conclude(code)
                if triesNextAddress(transfer) || followsRedirect(transfer) { continue }
                inFlight -= 1
                complete(transfer)
            }
        }
        while !ended.isEmpty {
            let transfers = ended
            ended = []
            for transfer in transfers {
                inFlight -= 1
                complete(transfer)
            }
        }
    }

    /// A name with several addresses gets two more tries within one attempt, when nothing was sent yet.
    private func triesNextAddress(_ transfer: Transfer) -> Bool {
        guard case .failed(let failure) = transfer.result, transfer.sends == 0, let origin = transfer.origin,
            let used = transfer.pin, failure.kind == .connect || failure.kind == .timeout
        else { return false }
        origin.turnAway(from: used)
        // A time-out has used up the attempt's time: the next attempt begins with the next address.
        if failure.kind == .timeout { return false }
        transfer.addressTries += 1
        guard transfer.addressTries < 3, let next = origin.pin, next !== used else { return false }
        dispatch(transfer, origin)
        return true
    }

    // MARK: Sockets

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

    private func closeSocket(_ descriptor: Int32) -> Int32 {
        sockets.forget(descriptor)
        return close(descriptor)
    }
}
