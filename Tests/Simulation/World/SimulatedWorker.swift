import Worker

/// A replica: a process with its lanes, started again whenever it has ended.
final class SimulatedWorker {
    let number: Int
    private unowned let world: World
    private(set) var lanes: [SimulatedLane] = []
    private(set) var isDraining = false
    /// Whether it comes back when it has ended.
    private var comesBack = true

    private(set) var suspectTurn = SuspectTurn()

    /// Its network leads nowhere: neither to the broker nor to a host.
    var isCutOff = false
    /// It gets no processor before (monotonic nanoseconds of the timeline).
    var frozenUntil: Int64 = 0
    /// By how much its wall clock is wrong, in milliseconds.
    var clockError: Int64 = 0

    init(number: Int, in world: World) {
        self.number = number
        self.world = world
    }

    private var timeline: Timeline { world.timeline }
    var isRunning: Bool { lanes.contains { $0.isRunning } }
    var isIdle: Bool { isRunning && !isDraining && lanes.allSatisfy(\.isIdle) }

    func start() {
        isDraining = false
        suspectTurn = SuspectTurn()
        lanes = (0..<world.circumstances.lanes).map { index in
            SimulatedLane(number: world.nextLane(), name: "replica\(number)/\(index)", of: self, in: world)
        }
        world.trace.note("started", number, lanes.first?.number ?? 0)
        for lane in lanes {
            lane.start()
            lane.post(.pauses(world.pauses))
        }
    }

    /// `kill -9`, the machine's end, a crash: it comes back after a while.
    func kill() {
        guard isRunning else { return }
        world.trace.note("killed", number)
        for lane in lanes { lane.kill() }
        startAgain()
    }

    /// SIGTERM.
    func terminate(comesBack: Bool = true) {
        guard isRunning, !isDraining else { return }
        world.trace.note("terminated", number)
        isDraining = true
        self.comesBack = comesBack
        for lane in lanes { lane.post(.drain) }
        checkDrain(lanes.first?.number, since: timeline.now)
    }

    /// It has its patience and a second of grace, both on a processor that runs.
    private func checkDrain(_ lane: Int?, since start: Int64) {
        let start = max(start, frozenUntil)
        let end = start + world.circumstances.options.drainPatience + .seconds(1)
        timeline.at(end) { [self] in
            guard isRunning, isDraining, lanes.first?.number == lane else { return }
            if frozenUntil > start { return checkDrain(lane, since: start) }
            world.oracle.violated("replica \(number) has not drained: " + lanes.map(\.debts).joined(separator: "; "))
        }
    }

    /// The run is over.
    func end() {
        for lane in lanes { lane.kill() }
        lanes = []
    }

    func laneEnded() {
        if !isRunning, comesBack { startAgain() }
    }

    private func startAgain() {
        world.timeline.after(world.dice.length(.milliseconds(50) ... .seconds(10))) { [self] in
            if !isRunning { start() }
        }
    }
}
