import Conversion
package import Delivery
import EventLoop
import HTTPTransport
package import Logging
import RabbitMQ
package import Routing
import Synchronization
package import Telemetry

/// One loop on one thread that takes conversions from the queue and delivers them: it owns the consuming connection,
/// the curl handles, the timers and every message between its arrival and its settlement. A delivery that succeeds
/// costs no task, no lock and no thread hop. Lanes share the route snapshot and the metrics, nothing else. What it touches
/// outside itself are its `LaneSurroundings`.
///
/// Where to read on: `Lane+Broker` takes messages in, `Lane+Intake` finds their postbacks, `Lane+Attempts` sends
/// requests and judges answers, `Lane+Settlement` sees each delivery to its end, `Lane+Shutdown` drains.
package final class Lane {
    let name: String
    let options: LaneOptions
    let metrics: PostbackMetrics
    let status: LaneStatus
    let logger: Logger
    let heartbeat: Heartbeat
    let handOffs: HandOffRequest
    /// Nil when there is none.
    let log: LaneLog?

    let wait: any LaneWait
    let transport: any RequestTransport
    let publisher: any HandOffPublisher
    /// Of this process's lanes, from 0.
    let number: Int
    let suspectTurn: SuspectTurn

    // The broker's side.
    let connector: any LaneConnector
    var consumer: (any ConsumingConnection)?
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
    var intake: SuspectIntake
    /// Suspicious messages that a lane of this process had in hand when it lost the broker: hashes of their bodies.
    var pardoned: Set<UInt64> = []
    var gate: DispatchGate
    var network = NetworkWatch()
    /// At most so many lines about breakers a second: ten thousand hosts can die at once.
    var breakerReports = TokenBucket(rate: 20, now: 0)
    var orphans = OrphanMemory()
    var settlements: RecentSettlements
    /// Reused, for `writeTry`.
    var tryKey: [UInt8] = []
    var originals = OriginalTemplates()
    var routeFailures: RouteFailures
    /// Tells all workers about a route.
    let tellPauses: (PauseRecord) -> Void
    /// Tells the other lanes of this process.
    let tellPardoned: ([UInt64]) -> Void
    var drain = Drain()
    var random: SplitMix64

    // What is under way.
    var messages: [InboundMessage] = []
    var tasks: [DeliveryTask] = []
    var freeTasks: [Int] = []
    var origins: [Origin?] = []
    var originNumbers = DestinationNumbers<Destination>()
    /// From the snapshot's destination numbers to ours and back; -1 for one not met yet.
    var snapshotOrigins = SnapshotNumbers(count: 0)
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
    private var longestTurn: LongestTurn

    init(
        name: String,
        number: Int,
        suspectTurn: SuspectTurn,
        options: LaneOptions,
        routes: RouteTable,
        metrics: PostbackMetrics,
        status: LaneStatus,
        heartbeat: Heartbeat,
        log: DeliveryLog?,
        logger: Logger,
        tellPauses: @escaping (PauseRecord) -> Void,
        tellPardoned: @escaping ([UInt64]) -> Void,
        surroundings: LaneSurroundings
    ) {
        self.name = name
        self.number = number
        self.suspectTurn = suspectTurn
        intake = SuspectIntake(prefetch: min(options.prefetch, Int(UInt16.max)), seed: surroundings.seed)
        self.options = options
        self.routes = routes
        self.metrics = metrics
        self.status = status
        self.heartbeat = heartbeat
        self.logger = logger
        handOffs = HandOffRequest(topology: options.topology, mask: SecretMask(words: options.mask))
        let mask = handOffs.mask
        self.log = log.map { LaneLog($0, metrics: metrics, mask: mask) }
        settlements = RecentSettlements(limit: options.prefetch)
        gate = DispatchGate(options.dispatch)
        routeFailures = RouteFailures(options.pausing)
        self.tellPauses = tellPauses
        self.tellPardoned = tellPardoned
        random = SplitMix64(seed: surroundings.seed)
        connector = surroundings.connector
        transport = surroundings.transport
        publisher = surroundings.publisher
        wait = surroundings.wait
        longestTurn = LongestTurn(now: surroundings.wait.monotonic)
        snapshotOrigins = SnapshotNumbers(count: routes.destinationCount)
    }

    /// A lane without a delivery log.
    /// - Parameters:
    ///   - suspectTurn: that of its process.
    ///   - tellPardoned: posts `LaneLetter.pardoned` to the other lanes of its process.
    package convenience init(
        name: String,
        number: Int = 0,
        suspectTurn: SuspectTurn = SuspectTurn(),
        options: LaneOptions,
        routes: RouteTable,
        metrics: PostbackMetrics,
        status: LaneStatus,
        heartbeat: Heartbeat,
        logger: Logger,
        tellPauses: @escaping (PauseRecord) -> Void,
        tellPardoned: @escaping ([UInt64]) -> Void = { _ in },
        surroundings: LaneSurroundings
    ) {
        self.init(
            name: name,
            number: number,
            suspectTurn: suspectTurn,
            options: options,
            routes: routes,
            metrics: metrics,
            status: status,
            heartbeat: heartbeat,
            log: nil,
            logger: logger,
            tellPauses: tellPauses,
            tellPardoned: tellPardoned,
            surroundings: surroundings
        )
    }

    /// Turns until it has drained. Blocks the calling thread, which owns everything here from now on.
    func run() {
        readClocks()
        while turn() { wait.wait(milliseconds: patience(), for: self) }
        shutDown()
    }

    /// All there is to do now. Read the clocks before.
    /// - Returns: false when it has drained: only `shutDown` is left to do.
    package func turn() -> Bool {
        heartbeat.turned(at: now)
        connectIfDue()
        receive()
        stepIntake()
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
        let isDrained = stepDrain()
        // From when the wait ended: letters are opened within it.
        longestTurn.ended(now, now: wait.monotonic)
        status.longestTurn.store(longestTurn.value, ordering: .relaxed)
        return !isDrained
    }

    /// Once a turn, after the wait: everything in a turn happens at one time.
    package func readClocks() {
        now = wait.monotonic
        wallNow = wait.wall
        transport.now = now
        gate.now = now
    }

    /// Something can be read from the consuming connection.
    package func inputArrived() { hasMoreInput = true }

    /// Milliseconds until something is due: at most a second, so that heartbeats go out.
    package func patience() -> Int32 {
        if hasMoreInput || !outbox.isEmpty { return 0 }
        var due = now + 1_000_000_000
        if let deadline = transport.deadline { due = min(due, deadline) }
        if let deadline = gate.deadline { due = min(due, deadline) }
        if let rest = ledger.timeUntilFlush(now: now) { due = min(due, now + rest) }
        if let reconnectAt { due = min(due, reconnectAt) }
        if consumer != nil, let intakeDue = intake.deadline(now: now) { due = min(due, intakeDue) }
        if let logDue = log?.due { due = min(due, logDue) }
        if let rest = drain.timeUntilDeadline(now: now) { due = min(due, now + rest) }
        for entry in postponed { due = min(due, entry.due) }
        // Rounded up: waking a moment too early would only turn the loop once more.
        return Int32(clamping: max(0, due - now + 999_999) / 1_000_000)
    }

    package func open(_ letters: [LaneLetter]) {
        for letter in letters {
            switch letter {
            case .routes(let table): goOver(to: table)
            case .connected(let connected): adopt(connected.consumer)
            case .notConnected(let error): connectionFailed(error)
            case .published(let results): for result in results { published(result) }
            case .publisher(let state): publisherChanged(state)
            case .pauses(let snapshot): pausesChanged(snapshot)
            case .pardoned(let bodies): pardon(bodies)
            case .drain: beginDrain()
            }
        }
    }

    /// Another thread still holds the table before (`LaneService`), so that it is not freed here; nothing but what is under
    /// way may keep it alive there.
    private func goOver(to table: RouteTable) {
        routes = table
        snapshotIndices = Array(repeating: -1, count: snapshotIndices.count)
        snapshotOrigins = SnapshotNumbers(count: table.destinationCount)
        resolution = Resolution()
        originals = OriginalTemplates()
        log?.masking.forgetRoutes()
    }

    private func publishStatus() {
        status.inFlight.store(gate.inFlight, ordering: .relaxed)
        status.waiting.store(gate.waiting, ordering: .relaxed)
        status.breakersOpen.store(gate.breakersOpen, ordering: .relaxed)
        status.unsettled.store(ledger.count, ordering: .relaxed)
        status.handingOff.store(handingOff, ordering: .relaxed)
    }
}
