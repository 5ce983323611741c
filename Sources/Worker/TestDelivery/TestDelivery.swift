package import Conversion
import Delivery
import Documents
import EventLoop
import HTTPTransport
package import Routing
import Telemetry

/// Sends postbacks once, now, on a loop of its own: no broker, no queue, no second try. The requests are those of the
/// worker, and the egress policy is its too. Confined to the thread that makes it.
package final class TestDelivery {
    private let options: LaneOptions
    private let epoll: Epoll
    private let transport: HTTPTransport
    private var ended: [Transfer] = []
    /// Monotonic nanoseconds.
    private var lookedUpAt: Int64?

    /// - Throws: `SystemError` or `TransferFailure` when the loop cannot be made.
    package init(_ options: LaneOptions) throws {
        self.options = options
        epoll = try Epoll()
        var transport = options.transport
        transport.concurrency = 1
        self.transport = try HTTPTransport(epoll: epoll, transport)
        self.transport.onLookUp = { [unowned self] _ in lookedUpAt = Clock.monotonic() }
    }

    deinit { transport.shutDown() }

    /// Sends one request and waits for its end.
    ///
    /// - Throws: `RenderFault` when the request cannot be made; `SystemError` or `TransferFailure` when this machine
    ///   cannot send.
    package func send(
        _ postback: Postback,
        _ event: ConversionEvent,
        _ context: RenderContext
    ) throws -> TestAttempt {
        let transfer = try transport.makeTransfer()
        defer { transport.recycle(transfer) }
        try fill(transfer, postback, event, context)
        let destination = postback.destination
        let origin = try transport.origin(
            isTLS: destination.scheme == .https,
            host: destination.host,
            port: destination.port
        )
        let startedAt = Clock.wall()
        let started = Clock.monotonic()
        lookedUpAt = nil
        transport.now = started
        transport.start(transfer, to: origin)
        while ended.isEmpty { try turn() }
        ended = []
        var key: [UInt8] = []
        postback.appendIdempotencyKey(of: event, to: &key)
        let mask = SecretMask(words: options.mask)
        let policy = postback.retry.map { RetryPolicy(options.retry, $0) } ?? options.retry
        return TestAttempt(
            transfer,
            postback,
            policy,
            mask: mask,
            answerMask: AnswerMask(postback, event, context, id: key, mask: mask),
            startedAt: startedAt,
            endedAt: Clock.wall(),
            lookUp: lookedUpAt.map { ($0 - started) / 1000 },
            total: (Clock.monotonic() - started) / 1000
        )
    }

    /// As the lane does it.
    private func fill(
        _ transfer: Transfer,
        _ postback: Postback,
        _ event: ConversionEvent,
        _ context: RenderContext
    ) throws(RenderFault) {
        transfer.target = []
        try postback.renderTarget(event, context, into: &transfer.target)
        try postback.appendSignature(to: &transfer.target)
        transfer.body = []
        try postback.renderBody(event, context, into: &transfer.body)
        switch postback.method {
        case .get: transfer.method = .get
        case .post: transfer.method = .post
        case .put: transfer.method = .put
        }
        var key: [UInt8] = []
        postback.appendIdempotencyKey(of: event, to: &key)
        var headers: [[UInt8]] = []
        try postback.renderHeaders(event, context, into: &headers)
        try postback.signHeaders(id: key, timestamp: context.now / 1000, body: transfer.body, into: &headers)
        headers.append(Array("Idempotency-Key: ".utf8) + key)
        transfer.setHeaders(headers)
        transfer.connectTimeout = options.connectTimeout
        transfer.timeout = postback.timeout.map { Int($0.value) } ?? options.timeout
        transfer.usesHTTP2 = postback.usesHTTP2
        transfer.redirectsLeft = postback.redirects
        transfer.keptBytes = postback.answerRules?.needsBody == true ? options.transport.maxResponse : 0
    }

    private func turn() throws {
        transport.now = Clock.monotonic()
        transport.runTimers()
        transport.reap { ended.append($0) }
        if !ended.isEmpty { return }
        // At most a second: nothing else could wake it.
        let wait = min(1_000_000_000, max(0, (transport.deadline ?? .max) - transport.now))
        let count = try epoll.wait(milliseconds: Int32((wait + 999_999) / 1_000_000))
        transport.now = Clock.monotonic()
        for index in 0..<count {
            let token = epoll.token(at: index)
            switch EventSource(token: token) {
            case .transfer: transport.act(on: token, epoll.readiness(at: index))
            case .resolver: transport.actOnResolver(token, epoll.readiness(at: index))
            case .wakeUp, .broker, nil: break
            }
        }
    }
}
