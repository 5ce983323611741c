import EventLoop
import HTTPTransport
import Logging
import RabbitMQ
import Routing
import Synchronization
import Telemetry
import Worker

/// One lane of a simulated process: the real `Lane` in simulated surroundings, turned one turn at a time.
final class SimulatedLane: LaneConnector, LaneWait {
    /// Of all lanes of the run, those of earlier processes included.
    let number: Int
    private let name: String
    private unowned let process: SimulatedWorker
    private unowned let world: World
    private var lane: Lane?
    private var status: LaneStatus
    private(set) var publisher: SimulatedPublisher?
    private var transport: SimulatedTransport?
    /// The connection of its consumer, for whoever wants to break it.
    private(set) var channel: BrokerChannel?
    private let routes: RouteTable
    /// The latest time that its wall clock ever showed: it may be set back.
    private(set) var latestWall: Int64 = 0
    private(set) var pausedRoutes: Set<[UInt8]> = []
    /// All that it was ever told to be paused.
    private(set) var everPaused: Set<[UInt8]> = []

    private var letters: [LaneLetter] = []
    private var hasInput = false
    private var turnAt: Int64?
    private var generation = 0

    init(number: Int, name: String, of process: SimulatedWorker, in world: World) {
        self.number = number
        self.name = name
        self.process = process
        self.world = world
        status = LaneStatus(name: name)
        routes = world.routes
    }

    func start() {
        let transport = SimulatedTransport(self, factory: world.machine.factory, in: world)
        let publisher = SimulatedPublisher(self, in: world)
        self.transport = transport
        self.publisher = publisher
        lane = Lane(
            name: name,
            number: number,
            suspectTurn: process.suspectTurn,
            options: world.circumstances.options,
            routes: routes,
            metrics: world.machine.metrics,
            status: status,
            heartbeat: Heartbeats().register(name, now: 0),
            logger: world.machine.logger,
            tellPauses: { [world] in world.tellPauses($0) },
            tellPardoned: { [unowned self] bodies in
                for lane in process.lanes where lane !== self { lane.post(.pardoned(bodies)) }
            },
            surroundings: LaneSurroundings(
                transport: transport,
                publisher: publisher,
                connector: self,
                wait: self,
                seed: world.dice.seed()
            )
        )
        schedule(at: world.timeline.now)
    }

    var isRunning: Bool { lane != nil }
    var isCutOff: Bool { process.isCutOff }
    var isDraining: Bool { process.isDraining }

    /// Nothing is owed: no message, no request, no hand-off.
    var isIdle: Bool {
        letters.isEmpty && status.unsettled.load(ordering: .relaxed) == 0
            && status.inFlight.load(ordering: .relaxed) == 0 && status.waiting.load(ordering: .relaxed) == 0
            && status.handingOff.load(ordering: .relaxed) == 0
    }

    /// What it still has, for whoever wonders why it does not end.
    var debts: String {
        "lane \(number): \(status.unsettled.load(ordering: .relaxed)) unsettled, "
            + "\(status.inFlight.load(ordering: .relaxed)) in flight, "
            + "\(status.waiting.load(ordering: .relaxed)) waiting, "
            + "\(status.handingOff.load(ordering: .relaxed)) handing off"
    }

    /// Everything it knew is gone. What its kernel has goes out, and its sockets are closed.
    func kill() {
        lane = nil
        letters = []
        generation += 1
        turnAt = nil
        publisher?.stop()
        transport?.shutDown()
        // They hold this lane.
        publisher = nil
        transport = nil
        channel = nil
    }

    // MARK: Turns

    func post(_ letter: LaneLetter) {
        guard lane != nil else { return }
        letters.append(letter)
        wake()
    }

    /// Something is there for it.
    func wake() {
        if lane != nil { schedule(at: world.timeline.now + world.dice.length(.microseconds(2) ... .microseconds(300))) }
    }

    private func schedule(at time: Int64) {
        let time = max(time, process.frozenUntil)
        if let turnAt, turnAt <= time { return }
        turnAt = time
        generation += 1
        let current = generation
        world.timeline.at(time) { [weak self] in
            guard let self, self.generation == current else { return }
            self.turn()
        }
    }

    private func turn() {
        turnAt = nil
        guard let lane else { return }
        if process.frozenUntil > world.timeline.now { return schedule(at: process.frozenUntil) }
        lane.readClocks()
        latestWall = max(latestWall, wall)
        if hasInput { lane.inputArrived() }
        hasInput = false
        let opened = letters
        letters = []
        for letter in opened {
            if case .pauses(let snapshot) = letter {
                pausedRoutes = snapshot.paused
                everPaused.formUnion(snapshot.paused)
            }
            lane.open([letter])
        }
        guard lane.turn() else {
            lane.shutDown()
            world.trace.note("drained", number, detail: debts)
            kill()
            process.laneEnded()
            return
        }
        var wait = Int64.milliseconds(Int64(lane.patience()))
        // A lane that owes nothing only turns for its heartbeat: that is left out, for the sake of speed.
        if wait >= .seconds(1), isIdle, status.isConsuming.load(ordering: .relaxed) { wait = .seconds(20) }
        schedule(at: world.timeline.now + max(wait, .microseconds(10)))
    }

    // MARK: LaneWait

    var monotonic: Int64 { world.timeline.now + .seconds(1_000_000) }
    var wall: Int64 { world.wall + process.clockError }

    func watch(_ connection: any ConsumingConnection) throws(SystemError) {
        if world.circumstances.areFaultsOn, world.dice.chance(0.01) { throw SystemError("epoll_ctl", code: 28) }
    }

    func forget(_ connection: any ConsumingConnection) {
        channel = nil
        world.oracle.connectionLost(number)
    }

    /// Its turns come from the timeline.
    func wait(milliseconds: Int32, for lane: Lane) {}

    // MARK: LaneConnector

    func start(urlIndex: Int) throws(SystemError) {
        if world.circumstances.areFaultsOn, world.dice.chance(0.01) { throw SystemError("pthread_create", code: 11) }
        world.timeline.after(world.dice.length(.milliseconds(2) ... .milliseconds(500))) { [weak self] in
            guard let self, self.lane != nil else { return }
            self.connect()
        }
    }

    func finish() {}

    private func connect() {
        let broker = world.broker
        guard broker.isUp, !isCutOff else {
            process.suspectTurn.release(number)
            return post(.notConnected(AMQPError(.connectionLost, "connection refused")))
        }
        broker.declareAll()
        // One message, or none while another lane of the process has the turn.
        let takesTurn = process.suspectTurn.take(number)
        let channel = BrokerChannel(
            lane: number,
            prefetch: takesTurn ? 1 : 0,
            up: Wire(world.timeline, world.dice),
            down: Wire(world.timeline, world.dice)
        )
        self.channel = channel
        channel.onArrival = { [weak self] in
            self?.hasInput = true
            self?.wake()
        }
        broker.open(channel)
        world.trace.note("connected", number)
        post(.connected(ConnectedConsumer(consumer: SimulatedConsumer(channel, in: world))))
    }
}
