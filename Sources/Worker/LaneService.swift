import EventLoop
import Glibc
import Logging
import RabbitMQ
import Routing
import ServiceLifecycle
import Settings
import Synchronization
import Telemetry

/// Runs the lanes, each on its own thread, and drains them all at once on a graceful shutdown.
final class LaneService: Service {
    private let options: LaneOptions
    private let metrics: PostbackMetrics
    private let heartbeats: Heartbeats
    private let logger: Logger
    private let routes: Mutex<RouteTable>
    /// Tables that were replaced; see `releaseRetired`.
    private let retired = Mutex<[RetiredRoutes]>([])
    let statuses: [LaneStatus]
    private let log: DeliveryLog?
    /// Monotonic nanoseconds at which the time to drain is over; 0 before a shutdown.
    private let drainEnd = Atomic<Int64>(0)
    private let isEnding = Atomic<Bool>(false)
    private let mailboxes: [(wakeUp: WakeUp, mailbox: Mailbox<LaneLetter>)]
    private let pauses: PauseKeeper
    private let suspectTurn = SuspectTurn()

    /// - Parameter name: of this replica; its lanes are NAME/0, NAME/1 and so on in the broker's tools and the logs.
    init(
        name: String,
        lanes: Int,
        options: LaneOptions,
        routes: RouteTable,
        metrics: PostbackMetrics,
        heartbeats: Heartbeats,
        logger: Logger
    ) throws(SystemError) {
        self.options = options
        self.metrics = metrics
        self.heartbeats = heartbeats
        self.logger = logger
        self.routes = Mutex(routes)
        log = options.log == .none ? nil : try DeliveryLog(options, name: name, metrics: metrics, logger: logger)
        statuses = (0..<lanes).map { LaneStatus(name: "\(name)/\($0)") }
        var mailboxes: [(WakeUp, Mailbox<LaneLetter>)] = []
        for _ in 0..<lanes {
            let wakeUp = try WakeUp()
            mailboxes.append((wakeUp, Mailbox(wakeUp: wakeUp)))
        }
        self.mailboxes = mailboxes
        let boxes = mailboxes.map(\.1)
        pauses = PauseKeeper(options, name: name, logger: logger) { snapshot in
            for mailbox in boxes { mailbox.post(.pauses(snapshot)) }
        }
    }

    /// Any thread: every lane goes over to this snapshot within a turn of its loop.
    func publish(_ table: RouteTable) {
        let old = routes.withLock { routes in
            defer { routes = table }
            return routes
        }
        retired.withLock { $0.append(RetiredRoutes(old)) }
        post(.routes(table))
    }

    /// Frees the tables that no lane uses any more, on the calling thread: a lane would stand still for it.
    /// - Returns: how many are still in use.
    func releaseRetired() -> Int {
        let unused = retired.withLock { tables in
            var unused: [RetiredRoutes] = []
            var kept: [RetiredRoutes] = []
            while var table = tables.popLast() {
                if table.isUnused() { unused.append(table) } else { kept.append(table) }
            }
            tables = kept.reversed()
            return unused
        }
        // Freed here, when the lock is free again.
        _ = consume unused
        return retired.withLock { $0.count }
    }

    private func post(_ letter: LaneLetter, butTo writer: Int? = nil) {
        for (index, box) in mailboxes.enumerated() where index != writer { box.mailbox.post(letter) }
    }

    func run() async throws {
        try pauses.start()
        defer { pauses.stop() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for index in statuses.indices {
                        group.addTask { try await self.runLane(index) }
                    }
                    try await group.waitForAll()
                }
                await finishLog()
            } onGracefulShutdown: {
                self.drainEnd.store(Clock.monotonic() + self.options.drainPatience, ordering: .relaxed)
                self.drain()
            }
        } onCancel: {
            drain()
        }
    }

    /// The letter first: a connector that gives up finds its lane draining.
    private func drain() {
        post(.drain)
        isEnding.store(true, ordering: .releasing)
    }

    /// On a connector's thread, for 10 s at most.
    private func waitForPauses() -> Bool {
        for _ in 0..<1000 {
            if isEnding.load(ordering: .acquiring) { return false }
            if pauses.isSettled { return true }
            usleep(10_000)
        }
        return false
    }

    /// Writes what the lanes have told, in what is left of the time to drain, 2 s at most.
    private func finishLog() async {
        guard let log else { return }
        let rest = (drainEnd.load(ordering: .relaxed) - Clock.monotonic()) / 1_000_000
        let patience = Int(min(2000, max(200, rest)))
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            do throws(SystemError) {
                _ = try LoopThread(name: "log-stop") {
                    log.writer.stop(within: patience)
                    continuation.resume()
                }
            } catch {
                continuation.resume()
            }
        }
    }

    private func runLane(_ index: Int) async throws {
        let status = statuses[index]
        let (wakeUp, mailbox) = mailboxes[index]
        let heartbeat = heartbeats.register(status.name, now: Clock.monotonic())
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            do throws(SystemError) {
                _ = try LoopThread(name: "lane-\(index)") { [self] in
                    do {
                        var logger = logger
                        logger[metadataKey: LogKey.lane] = "\(status.name)"
                        let surroundings = try LaneSurroundings(
                            name: status.name,
                            options: options,
                            metrics: metrics,
                            logger: logger,
                            wakeUp: wakeUp,
                            mailbox: mailbox,
                            waitForPauses: { [self] in waitForPauses() },
                            takeTurn: { [suspectTurn] in suspectTurn.take(index) },
                            releaseTurn: { [suspectTurn] in suspectTurn.release(index) }
                        )
                        let lane = Lane(
                            name: status.name,
                            number: index,
                            suspectTurn: suspectTurn,
                            options: options,
                            routes: routes.withLock { $0 },
                            metrics: metrics,
                            status: status,
                            heartbeat: heartbeat,
                            log: log,
                            logger: logger,
                            tellPauses: { [pauses] in pauses.tell($0) },
                            tellPardoned: { [self] in post(.pardoned($0), butTo: index) },
                            surroundings: surroundings
                        )
                        lane.run()
                        continuation.resume()
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// Ready means: every lane consumes.
    var readiness: HealthReport {
        for status in statuses where !status.isConsuming.load(ordering: .relaxed) {
            return .failing("\(status.name) is not consuming")
        }
        return .ok
    }
}
