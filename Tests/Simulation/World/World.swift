import Delivery
import Routing
import Worker

/// A run: upstream, broker, replicas, hosts, in simulated time, all from one seed.
final class World {
    let machine: Machine
    let timeline = Timeline()
    let dice: Dice
    let trace: Trace
    let planted: PlantedBug?
    var circumstances: Circumstances
    private(set) var workers: [SimulatedWorker] = []
    /// The version of the routes that replicas start with now.
    private(set) var routes: RouteTable
    private var pauseBook = PauseBook()
    var faultCount = 0
    private var laneCount = 0
    /// Nanoseconds of the timeline; nil while there are faults.
    var healedAt: Int64?
    private var quietSince: Int64?

    private(set) lazy var broker = SimulatedBroker(self)
    private(set) lazy var destinations = Destinations(self)
    private(set) lazy var oracle = Oracle(self)
    private(set) lazy var upstream = Upstream(self)

    init(seed: UInt64, on machine: Machine, planted: PlantedBug?, print: ((String) -> Void)?) {
        self.machine = machine
        self.planted = planted
        dice = Dice(seed: seed)
        trace = Trace(timeline, print: print)
        circumstances = Circumstances(dice, machine.options)
        routes = machine.routes.first
        workers = (0..<circumstances.replicas).map { SimulatedWorker(number: $0, in: self) }
    }

    var routeBook: RouteBook { machine.routes }
    var lanes: [SimulatedLane] { workers.flatMap(\.lanes) }
    var pauses: PauseSnapshot { PauseSnapshot(pauseBook) }

    /// Milliseconds since the Unix epoch.
    var wall: Int64 { 1_790_000_000_000 + timeline.now / 1_000_000 }

    func nextLane() -> Int {
        defer { laneCount += 1 }
        return laneCount
    }

    // MARK: The run

    /// Lets everything happen, then come to rest, and judges.
    func run() {
        for worker in workers { worker.start() }
        upstream.start()
        scheduleFault()
        if circumstances.isRestless {
            for host in Destinations.hosts.indices { destinations.setMood(host, .vague) }
            scheduleCut()
        }
        while step(until: circumstances.length) {}
        heal()
        settle()
        guard oracle.violations.isEmpty else { return }
        for worker in workers { worker.terminate(comesBack: false) }
        let end = timeline.now + circumstances.options.drainPatience + .seconds(120)
        while workers.contains(where: \.isRunning), step(until: end) {}
        if workers.contains(where: \.isRunning) { oracle.violated("a replica that owes nothing has not drained") }
        if !broker.isEmpty { oracle.violated("messages came back when idle replicas were drained") }
        if oracle.violations.isEmpty { oracle.judge() }
    }

    /// - Returns: false when nothing is left to do by then, or something is wrong.
    private func step(until end: Int64) -> Bool {
        // Hundreds of times what the longest run takes.
        if timeline.steps > 5_000_000 { oracle.violated("SPINNING: " + lanes.map(\.debts).joined(separator: "; ")) }
        return oracle.violations.isEmpty && timeline.step(until: end)
    }

    /// From now on everything is well.
    private func heal() {
        trace.note("healed", faultCount)
        circumstances.areFaultsOn = false
        healedAt = timeline.now
        broker.declareAll()
        if broker.isBlocked { broker.setAlarm(false) }
        for host in Destinations.hosts.indices { destinations.setMood(host, .well) }
        for worker in workers { worker.isCutOff = false }
    }

    /// Until nothing is under way anywhere. What was asked to wait for a day does.
    func settle() {
        let limit = timeline.now + .seconds(5 * 86_400)
        while oracle.violations.isEmpty {
            // A second in which nothing changes: nobody is about to do anything.
            if isQuiet {
                if timeline.now - (quietSince ?? timeline.now) >= .seconds(1) { return }
                quietSince = quietSince ?? timeline.now
            } else {
                quietSince = nil
            }
            guard step(until: limit) else {
                if !oracle.violations.isEmpty { return }
                let depths = broker.names.filter { broker.depth($0) > 0 }.map { "\($0): \(broker.depth($0))" }
                oracle.violated("STUCK: " + (depths + lanes.map(\.debts)).joined(separator: "; "))
                return
            }
        }
    }

    /// What a stalled wire holds back may be a message that comes to a queue yet.
    private var isQuiet: Bool {
        timeline.now > timeline.stalledUntil && upstream.isDone && broker.isUp && broker.isEmpty
            && workers.allSatisfy(\.isIdle)
    }

    /// Breaks the circles.
    func end() {
        for worker in workers { worker.end() }
        timeline.clear()
        workers = []
    }

    // MARK: What all replicas are told

    func reloadRoutes() {
        routes = routes === routeBook.first ? routeBook.second : routeBook.first
        trace.note("routes reloaded", routes === routeBook.first ? 1 : 2)
        let table = routes
        for lane in lanes {
            timeline.after(dice.length(.milliseconds(1) ... .seconds(2))) { lane.post(.routes(table)) }
        }
    }

    /// A record of the stream of pauses: everybody reads it sooner or later.
    func tellPauses(_ record: PauseRecord) {
        guard pauseBook.apply(record) else { return }
        trace.note("pauses", pauseBook.paused.count, pauseBook.failing.count, detail: "\(record.kind) \(record.route)")
        for worker in workers {
            timeline.after(dice.length(.milliseconds(1) ... .seconds(1))) { [self] in
                for lane in worker.lanes { lane.post(.pauses(pauses)) }
            }
        }
    }
}
