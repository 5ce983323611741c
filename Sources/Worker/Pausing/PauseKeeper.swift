package import Delivery
import EventLoop
import Glibc
import Logging
import RabbitMQ
import Synchronization
import Telemetry

/// What the lanes need to know of the pause book.
package struct PauseSnapshot: Sendable {
    package var paused: Set<[UInt8]> = []
    var failing: [[UInt8]: RouteFailures.Failing] = [:]
    var recovered: [[UInt8]: Int64] = [:]

    package init(_ book: PauseBook) {
        paused = Set(book.paused.keys.map { Array($0.utf8) })
        for (route, record) in book.failing {
            failing[Array(route.utf8)] = .init(since: record.since ?? record.at, knownSince: record.at)
        }
        for (route, time) in book.recoveredAt { recovered[Array(route.utf8)] = time }
    }
}

/// Keeps what all workers know about failing and paused routes: reads the stream `postback.pauses` from its beginning on
/// a thread of its own (`pauses`), and publishes to it over a connection of its own.
///
/// It has caught up when it has read up to where the stream's end was when it began. A stream has no end that one could
/// see: it writes a record of its own first, and where the broker takes none (a resource alarm), it asks for the last one.
/// After some thousand records it writes what is in force again, so that the broker may drop what is older.
final class PauseKeeper: Sendable {
    private struct Outbox {
        var next: UInt64 = 0
        var open: [UInt64: PublishRequest] = [:]
        var failed: [UInt64] = []
    }

    private let options: LaneOptions
    private let name: String
    private let logger: Logger
    private let onChange: @Sendable (PauseSnapshot) -> Void
    private let outbox = Mutex(Outbox())
    private let publisher = Mutex<Publisher?>(nil)
    private let thread = Mutex<LoopThread?>(nil)
    private let isStopping = Atomic<Bool>(false)
    /// 0: not known yet; 1: it has caught up; 2: there is no stream, or it may not be read.
    private let progress = Atomic<Int>(0)
    private static let recordsUntilSnapshot = 5000
    /// Nanoseconds after which the record of our own is not waited for any longer.
    private static let markerPatience: Int64 = 1_000_000_000

    init(
        _ options: LaneOptions,
        name: String,
        logger: Logger,
        onChange: @escaping @Sendable (PauseSnapshot) -> Void
    ) {
        self.options = options
        self.name = name
        self.logger = logger
        self.onChange = onChange
    }

    /// Starts the threads.
    func start() throws(SystemError) {
        let made = try Publisher(
            .init(urls: options.urls, tls: options.tls, name: "\(name) pauses", window: 100),
            onResults: { [self] in note($0) },
            onState: { _ in }
        )
        publisher.withLock { $0 = made }
        let thread = try LoopThread(name: "pauses") { [self] in run() }
        self.thread.withLock { $0 = thread }
    }

    func stop() {
        isStopping.store(true, ordering: .relaxed)
        // Leaves what was just told a moment to be confirmed.
        for _ in 0..<20 where outbox.withLock({ !$0.open.isEmpty }) && progress.load(ordering: .relaxed) == 1 {
            usleep(50_000)
        }
        // Taken out: it holds this object, which would hold it.
        let publisher = publisher.withLock { held in
            defer { held = nil }
            return held
        }
        publisher?.stop()
        thread.withLock {
            $0?.join()
            $0 = nil
        }
    }

    /// Whether the lanes may take messages: everything known has been read, or there is nothing that could be.
    var isSettled: Bool { progress.load(ordering: .acquiring) != 0 }

    /// Any thread: tells all workers, this one included; a pause and a resumption also whoever listens for notices.
    func tell(_ record: PauseRecord) {
        var record = record
        record.replica = name
        let body = record.json
        publish(PublishRequest(token: 0, exchange: "", routingKey: options.topology.pauses, body: body))
        if record.kind == .paused || record.kind == .resumed {
            let exchange = options.topology.exchange
            publish(PublishRequest(token: 0, exchange: exchange, routingKey: Topology.noticesKey, body: body))
        }
    }

    private func publish(_ request: PublishRequest) {
        let request: PublishRequest? = outbox.withLock { outbox in
            // Without the stream nothing is ever confirmed; the next transition says the same again.
            if outbox.open.count >= 10_000 { return nil }
            var request = request
            request.token = outbox.next
            outbox.next += 1
            outbox.open[request.token] = request
            return request
        }
        if let request { publisher.withLock { $0 }?.publish([request]) }
    }

    /// On the publisher's thread.
    private func note(_ results: [PublishResult]) {
        outbox.withLock { outbox in
            for result in results {
                switch result.outcome {
                case .confirmed, .unencodable: outbox.open[result.token] = nil
                case .returned where outbox.open[result.token]?.routingKey == Topology.noticesKey:
                    // Nobody listens for notices: that is allowed.
                    outbox.open[result.token] = nil
                case .returned, .refused, .unknown: outbox.failed.append(result.token)
                }
            }
        }
    }

    // MARK: The thread

    private func run() {
        var backOff = ReconnectBackOff()
        var book = PauseBook()
        var urlIndex = 0
        // Refusals in a row: a broker that has just started may miss its streams for a moment.
        var refusals = 0
        while !isStopping.load(ordering: .relaxed) {
            do throws(AMQPError) {
                let url = options.urls[urlIndex % options.urls.count]
                try TopologySetup(
                    options,
                    name: name,
                    logger: Logger(label: "pauses") { _ in SwiftLogNoOpLogHandler() }
                )
                .run(on: url)
                let reader = try StreamReader(
                    url,
                    tls: options.tls,
                    name: "\(name) pauses",
                    stream: options.topology.pauses,
                    from: .first
                )
                backOff.succeeded()
                refusals = 0
                defer { reader.close() }
                try read(reader, url, &book)
            } catch {
                // A broker that is away will be back with its stream, and until then there is nothing to send.
                refusals = error.isFinal ? refusals + 1 : 0
                if refusals >= 3, progress.compareExchange(expected: 0, desired: 2, ordering: .releasing).exchanged {
                    logger.warning(
                        "it is not known which routes are paused, and none is paused by itself; this will be tried again",
                        metadata: [LogKey.queue: "\(options.topology.pauses)", LogKey.error: "\(error)"]
                    )
                }
                urlIndex += 1
                let wait = backOff.next()
                for _ in 0..<max(1, wait / 100) where !isStopping.load(ordering: .relaxed) { usleep(100_000) }
            }
        }
    }

    private func read(_ reader: StreamReader, _ url: BrokerURL, _ book: inout PauseBook) throws(AMQPError) {
        var marker = PauseRecord(.started, at: Clock.wall())
        marker.reason = String(UInt64.random(in: 0 ... .max), radix: 36)
        marker.replica = name
        publish(PublishRequest(token: 0, exchange: "", routingKey: options.topology.pauses, body: marker.json))
        var hasCaughtUp = false
        var isNew = true
        var count = 0
        let start = Clock.monotonic()
        var newest: UInt64?
        // Inner nil: an empty stream.
        var last: UInt64??
        while !isStopping.load(ordering: .relaxed) {
            let records = try reader.next(waiting: 200)
            if let offset = records.last?.offset { newest = offset }
            for record in records {
                guard let record = PauseRecord(json: record.body) else { continue }
                count += 1
                if record.kind == .snapshot { count = 0 }
                let wasKnown = !book.apply(record)
                if !wasKnown { isNew = true }
                if !wasKnown, hasCaughtUp { report(record) }
                if record.kind == .started, record.reason == marker.reason { hasCaughtUp = true }
            }
            republish()
            if !hasCaughtUp, last == nil, Clock.monotonic() - start > Self.markerPatience {
                last = try StreamReader.lastOffset(
                    of: options.topology.pauses,
                    at: url,
                    tls: options.tls,
                    name: "\(name) pauses"
                )
            }
            if let last, last.map({ newest ?? 0 >= $0 && newest != nil }) ?? true { hasCaughtUp = true }
            guard hasCaughtUp else { continue }
            if isNew { onChange(PauseSnapshot(book)) }
            isNew = false
            progress.store(1, ordering: .releasing)
            if count >= Self.recordsUntilSnapshot {
                count = 0
                writeSnapshot(of: book)
            }
        }
    }

    private func writeSnapshot(of book: PauseBook) {
        for record in book.records {
            publish(
                PublishRequest(token: 0, exchange: "", routingKey: options.topology.pauses, body: record.json)
            )
        }
        var end = PauseRecord(.snapshot, at: Clock.wall())
        end.replica = name
        publish(PublishRequest(token: 0, exchange: "", routingKey: options.topology.pauses, body: end.json))
    }

    private func republish() {
        let again = outbox.withLock { outbox in
            defer { outbox.failed = [] }
            return outbox.failed.compactMap { outbox.open[$0] }
        }
        if !again.isEmpty { publisher.withLock { $0 }?.publish(again) }
    }

    private func report(_ record: PauseRecord) {
        let metadata: Logger.Metadata = [
            LogKey.route: "\(record.route)", LogKey.reason: "\(record.reason ?? "")",
            LogKey.error: "\(record.lastError ?? "")",
        ]
        switch record.kind {
        case .paused:
            logger.notice("a route is paused: its deliveries go to the dead letters", metadata: metadata)
        case .resumed: logger.notice("a paused route is resumed", metadata: metadata)
        case .failing, .recovered, .started, .snapshot: break
        }
    }
}

extension AMQPError {
    /// Whether the stream itself is missing, may not be read, or is something else: trying again soon helps nothing.
    fileprivate var isFinal: Bool {
        if case .closed(let code) = kind { [403, 404, 406, 540].contains(code) } else { false }
    }
}
