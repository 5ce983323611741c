import Conversion
import Delivery
import EventLoop
import HTTPTransport
import Logging
import RabbitMQ
import Routing
import Synchronization
import Telemetry

/// One loop on one thread that takes conversions from the queue and delivers them: it owns the consuming connection,
/// the curl handles, the timers and every message between its arrival and its settlement. A delivery that succeeds
/// costs no task, no lock and no thread hop. Lanes share the route snapshot and the metrics, nothing else.
///
/// Where to read on: `Lane+Broker` takes messages in, `Lane+Intake` finds their postbacks, `Lane+Attempts` sends
/// requests and judges answers, `Lane+Settlement` sees each delivery to its end, `Lane+Shutdown` drains.
final class Lane {
    let name: String
    let options: LaneOptions
    let metrics: PostbackMetrics
    let status: LaneStatus
    let logger: Logger
    let heartbeat: Heartbeat
    let handOffs: HandOffRequest
    /// Nil when there is none.
    let log: LaneLog?

    let epoll: Epoll
    let wakeUp: WakeUp
    let mailbox: Mailbox<LaneLetter>
    let transport: HTTPTransport
    let publisher: Publisher

    // The broker's side.
    var connector: BrokerConnector
    var connecting: LoopThread?
    var consumer: Consumer?
    var backOff = ReconnectBackOff()
    var urlIndex = 0
    /// Monotonic nanoseconds; nil while connected or connecting.
    var reconnectAt: Int64? = 0
    /// Frames may be there to read; the socket is watched edge-triggered.
    var hasMoreInput = false
    /// Monotonic nanoseconds.
    var lastReceive: Int64 = 0
    var hasConnectedOnce = false

    // Decisions.
    var routes: RouteTable
    var ledger = SettlementLedger()
    var gate: DispatchGate
    var network = NetworkWatch()
    /// At most so many lines about breakers a second: ten thousand hosts can die at once.
    var breakerReports = TokenBucket(rate: 20, now: 0)
    var orphans = OrphanMemory()
    var originals = OriginalTemplates()
    var routeFailures: RouteFailures
    /// Tells all workers about a route.
    let tellPauses: (PauseRecord) -> Void
    var drain = Drain()
    var random: SplitMix64

    // What is under way.
    var messages: [InboundMessage] = []
    var tasks: [DeliveryTask] = []
    var freeTasks: [Int] = []
    var origins: [Origin?] = []
    var originNumbers = DestinationNumbers<Destination>()
    /// From the snapshot's destination numbers to ours and back; -1 for one not met yet.
    var snapshotOrigins: [Int] = []
    var snapshotIndices: [Int] = []
    /// Monotonic nanoseconds.
    var lastTidy: Int64 = 0
    var outbox: [PublishRequest] = []
    /// Deliveries whose publication to another queue is not confirmed.
    var handingOff = 0
    /// Hand-offs that failed, to be published again: when (monotonic nanoseconds), which task.
    var postponed: [(due: Int64, task: Int)] = []

    // Reused buffers.
    var resolution = Resolution()
    var acknowledgements: [SettlementLedger.Acknowledgement] = []
    var headerLine: [UInt8] = []
    var requestHeaders: [[UInt8]] = []

    var now: Int64 = 0
    var wallNow: Int64 = 0

    init(
        name: String,
        options: LaneOptions,
        routes: RouteTable,
        metrics: PostbackMetrics,
        status: LaneStatus,
        heartbeat: Heartbeat,
        log: DeliveryLog?,
        logger: Logger,
        wakeUp: WakeUp,
        mailbox: Mailbox<LaneLetter>,
        tellPauses: @escaping (PauseRecord) -> Void,
        waitForPauses: @escaping @Sendable () -> Bool
    ) throws {
        self.name = name
        self.options = options
        self.routes = routes
        self.metrics = metrics
        self.status = status
        self.heartbeat = heartbeat
        self.logger = logger
        self.wakeUp = wakeUp
        self.mailbox = mailbox
        handOffs = HandOffRequest(topology: options.topology, mask: SecretMask(words: options.mask))
        let mask = handOffs.mask
        self.log = log.map { LaneLog($0, metrics: metrics, mask: mask) }
        gate = DispatchGate(options.dispatch)
        routeFailures = RouteFailures(options.pausing)
        self.tellPauses = tellPauses
        random = SplitMix64(seed: UInt64.random(in: 0 ... .max))
        connector = BrokerConnector(
            options: options,
            name: name,
            logger: logger,
            mailbox: mailbox,
            waitForPauses: waitForPauses
        )
        epoll = try Epoll()
        try epoll.add(wakeUp.descriptor, .readable, token: EventSource.wakeUp.token(descriptor: wakeUp.descriptor))
        transport = try HTTPTransport(epoll: epoll, options.transport)
        publisher = try Publisher(
            .init(urls: options.urls, tls: options.tls, name: "\(name) publisher"),
            onResults: { mailbox.post(.published($0)) },
            onState: { mailbox.post(.publisher($0)) }
        )
        snapshotOrigins = Array(repeating: -1, count: routes.destinations.count)
        let metrics = metrics
        transport.onLookUp = { metrics.lookup($0 ? .resolved : .failed) }
        transport.onFault = { logger.error("\($0)", metadata: [LogKey.lane: "\(name)"]) }
    }

    /// Turns until it has drained. Blocks the calling thread, which owns everything here from now on.
    func run() {
        readClocks()
        while true {
            heartbeat.turned(at: now)
            connectIfDue()
            receive()
            gate.turn(held: ledger.count)
            startWaiting()
            transport.runTimers()
            transport.reap { completed($0) }
            republishPostponed()
            publishOutbox()
            acknowledge(force: false)
            log?.handOver(now: now)
            publishStatus()
            tidy()
            if stepDrain() { break }
            sleep()
        }
        shutDown()
    }

    /// Once a turn, after the wait: everything in a turn happens at one time.
    private func readClocks() {
        now = Clock.monotonic()
        wallNow = Clock.wall()
        transport.now = now
        gate.now = now
    }

    /// Waits for something to do, and notes what it is.
    private func sleep() {
        var count = 0
        do {
            count = try epoll.wait(milliseconds: patience())
        } catch {
            // Cannot happen with a descriptor of our own; a pause keeps it from spinning if it does.
            logger.critical("\(error)", metadata: [LogKey.lane: "\(name)"])
            return
        }
        readClocks()
        for index in 0..<count {
            let token = epoll.token(at: index)
            switch EventSource(token: token) {
            case .wakeUp: openLetters()
            case .broker: hasMoreInput = true
            case .transfer: transport.act(on: token, epoll.readiness(at: index))
            case .resolver: transport.actOnResolver(token, epoll.readiness(at: index))
            case nil: break
            }
        }
    }

    /// Milliseconds until something is due: at most a second, so that heartbeats go out.
    private func patience() -> Int32 {
        if hasMoreInput || !outbox.isEmpty { return 0 }
        var due = now + 1_000_000_000
        if let deadline = transport.deadline { due = min(due, deadline) }
        if let deadline = gate.deadline { due = min(due, deadline) }
        if let rest = ledger.timeUntilFlush(now: now) { due = min(due, now + rest) }
        if let reconnectAt { due = min(due, reconnectAt) }
        if let logDue = log?.due { due = min(due, logDue) }
        if let rest = drain.timeUntilDeadline(now: now) { due = min(due, now + rest) }
        for entry in postponed { due = min(due, entry.due) }
        // Rounded up: waking a moment too early would only turn the loop once more.
        return Int32(clamping: max(0, due - now + 999_999) / 1_000_000)
    }

    private func openLetters() {
        wakeUp.clear()
        for letter in mailbox.takeAll() {
            switch letter {
            case .routes(let table):
                routes = table
                snapshotIndices = Array(repeating: -1, count: snapshotIndices.count)
                snapshotOrigins = Array(repeating: -1, count: table.destinations.count)
            case .connected(let connected): adopt(connected.consumer)
            case .notConnected(let error): connectionFailed(error)
            case .published(let results): for result in results { published(result) }
            case .publisher(let state): publisherChanged(state)
            case .pauses(let snapshot): pausesChanged(snapshot)
            case .drain: beginDrain()
            }
        }
    }

    private func publishStatus() {
        status.inFlight.store(gate.inFlight, ordering: .relaxed)
        status.waiting.store(gate.waiting, ordering: .relaxed)
        status.breakersOpen.store(gate.breakersOpen, ordering: .relaxed)
        status.unsettled.store(ledger.count, ordering: .relaxed)
        status.handingOff.store(handingOff, ordering: .relaxed)
    }
}
