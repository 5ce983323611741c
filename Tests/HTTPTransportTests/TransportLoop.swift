import EventLoop
import TestSupport

@testable import HTTPTransport

/// A loop that turns as a lane's does, with a clock that a test can put forward.
final class TransportLoop {
    let epoll: Epoll
    let transport: HTTPTransport
    /// Nanoseconds by which the transport's clock is ahead.
    var ahead: Int64 = 0
    /// Transfers that were reported and not yet asked for.
    private(set) var ended: [Transfer] = []

    /// - Parameter makeShard: nil for libcurl's own.
    init(_ options: TransportOptions = .local(), makeShard: HTTPTransport.MakeShard? = nil) throws {
        epoll = try Epoll()
        transport =
            if let makeShard {
                try HTTPTransport(epoll: epoll, options, makeShard: makeShard)
            } else {
                try HTTPTransport(epoll: epoll, options)
            }
    }

    deinit { transport.shutDown() }

    private var now: Int64 { Clock.monotonic() + ahead }

    /// One turn, sleeping for at most 50 ms.
    func turn() throws {
        transport.now = now
        transport.runTimers()
        transport.reap { ended.append($0) }
        let due = min(transport.deadline ?? .max, now + 50_000_000)
        let count = try epoll.wait(milliseconds: ended.isEmpty ? Int32(max(0, due - now + 999_999) / 1_000_000) : 0)
        transport.now = now
        for index in 0..<count {
            let token = epoll.token(at: index)
            switch EventSource(token: token) {
            case .transfer: transport.act(on: token, epoll.readiness(at: index))
            case .resolver: transport.actOnResolver(token, epoll.readiness(at: index))
            default: break
            }
        }
    }

    /// Turns until `isDone`.
    /// - Returns: false when it was not within 30 seconds and `Patience`, so that a broken test fails in place of hanging.
    func turn(until isDone: () -> Bool) throws -> Bool {
        let deadline = Clock.monotonic() + Int64(Patience.stretched(30) * 1e9)
        while !isDone() {
            if Clock.monotonic() > deadline { return false }
            try turn()
        }
        return true
    }

    func start(_ host: String, _ port: UInt16, isTLS: Bool = false, _ fill: (Transfer) -> Void = { _ in }) throws
        -> Transfer
    {
        transport.now = now
        let transfer = try transport.makeTransfer()
        transfer.target = Array("/".utf8)
        transfer.method = .get
        transfer.body = []
        transfer.connectTimeout = 10_000
        transfer.timeout = 20_000
        transfer.keptBytes = 0
        transfer.setHeaders([])
        fill(transfer)
        transport.start(transfer, to: try transport.origin(isTLS: isTLS, host: host, port: port))
        return transfer
    }

    /// Sends one request and turns until it is over. The caller may give the transfer back with `recycle`.
    @discardableResult
    func send(_ host: String, _ port: UInt16, isTLS: Bool = false, _ fill: (Transfer) -> Void = { _ in }) throws
        -> Transfer
    {
        let transfer = try start(host, port, isTLS: isTLS, fill)
        guard try turn(until: { ended.contains { $0 === transfer } }) else { throw SocketFailure.silence }
        ended.removeAll { $0 === transfer }
        return transfer
    }

    func recycle(_ transfer: Transfer) { transport.recycle(transfer) }

    func takeEnded() -> [Transfer] {
        defer { ended = [] }
        return ended
    }
}

extension TransportOptions {
    /// For servers on loopback addresses, on any port.
    static func local(_ change: (inout TransportOptions) -> Void = { _ in }) -> TransportOptions {
        var options = TransportOptions(
            egress: EgressPolicy(allowed: ["127.0.0.0/8", "::1"].compactMap { AddressBlock($0) }, ports: [1...65_535])
        )
        change(&options)
        return options
    }
}

extension Transfer {
    /// How it failed; nil when it was answered.
    var failure: TransferFailure? { if case .failed(let failure) = result { failure } else { nil } }
    /// The status of a whole answer; nil when it failed or was cut off.
    var status: Int? { if case .answered(let status, true) = result { status } else { nil } }
}
