import Delivery
import TestSupport
import Testing

/// A queue whose broker counts what comes back, and processes of some lanes that die of one message: a model that the
/// seed drives. The broker sends all there is room for at once, and what it has sent counts as given back by a crash
/// also while it is on its way. Everything that a dead process held returns to the head of the queue.
struct CrashLoop {
    struct Message {
        var number: Int
        var returns = 0
        /// When it reaches the process.
        var arrival: Int64 = 0
    }

    /// Times in nanoseconds.
    struct World: Sendable, CustomTestStringConvertible {
        var processes: Int
        var lanes: Int
        var prefetch = 150
        var messages = 300
        var poison: Set<Int>
        /// Harmless messages that take long.
        var slow: Set<Int> = []
        /// From when a consumer is there until the broker sends it its first message.
        var lateness: Int64 = 0
        /// A dead process is back after so long, or up to twice as long.
        var restart: Int64 = 0
        /// How long it takes until the dead letters have what is poison.
        var handOff: Int64 = 0
        /// Harmless messages that are handed on, in the same time.
        var handedOn: Set<Int> = []
        /// Other messages come for 20 s, one each so many nanoseconds; those of above come after two seconds of them.
        var stream: Int64 = 0

        var testDescription: String {
            "\(processes) processes of \(lanes) lanes, prefetch \(prefetch), poison \(poison.sorted()), "
                + "first delivery after \(lateness / 1_000_000) ms, restart \(restart / 1_000_000) ms, "
                + "hand-off \(handOff / 1_000_000) ms"
        }
    }

    private final class Lane {
        let process: Process
        let number: Int
        var intake: SuspectIntake
        /// 0 when it does not consume.
        var width = 0
        var consumesSince: Int64 = 0
        /// Sent by the broker and not read: in their order.
        var wire: [Message] = []
        /// Read: under way, held or handed off.
        var inHand: [Int: Message] = [:]
        /// Those that the consumer of now was given: the broker counts them alone.
        var given: Set<Int> = []
        var underWay: [Int] = []
        var handingOff: [(number: Int, end: Int64)] = []
        var isConnected = false

        init(_ process: Process, _ number: Int, prefetch: Int, seed: UInt64) {
            self.process = process
            self.number = number
            intake = SuspectIntake(prefetch: prefetch, seed: seed)
        }
    }

    private final class Process {
        var lanes: [Lane] = []
        var turn = -1
        /// The lane that has some in hand which wait for the turn.
        var asker = -1
        var startsAt: Int64 = 0
    }

    let world: World
    /// The last is the head.
    private var queue: [Message]
    private var lanes: [Lane] = []
    private var streamed: Int64 = 0
    private var hasBurst = false
    private let isGreedy: Bool
    private var isPublished: Bool
    private(set) var delivered: Set<Int> = []
    private(set) var condemned: [Int] = []
    private(set) var crashes = 0
    /// The highest count that a harmless message came to.
    private(set) var highest = 0
    /// How many a lane had in hand at most.
    private(set) var mostInHand = 0
    private(set) var now: Int64 = 0
    private var generator: SeededGenerator

    init(seed: UInt64, _ world: World) {
        self.world = world
        isPublished = world.stream == 0
        isGreedy = seed % 2 == 1
        generator = SeededGenerator(seed: seed)
        queue = world.stream > 0 ? [] : (0..<world.messages).reversed().map { Message(number: $0) }
        for _ in 0..<world.processes { start(Process()) }
    }

    private mutating func start(_ process: Process) {
        process.turn = -1
        process.asker = -1
        process.lanes = (0..<world.lanes).map {
            Lane(process, $0, prefetch: world.prefetch, seed: generator.next())
        }
        lanes = lanes.filter { $0.process !== process } + process.lanes
    }

    var isOver: Bool { isPublished && queue.isEmpty && lanes.allSatisfy { $0.inHand.isEmpty && $0.wire.isEmpty } }

    /// - Parameter length: at most so many nanoseconds.
    mutating func run(length: Int64) {
        while now < length, !isOver {
            now += Int64.random(in: 1_000_000...20_000_000, using: &generator) / Int64(lanes.count)
            publish()
            send()
            turn(lanes[Int.random(in: lanes.indices, using: &generator)])
        }
    }

    private mutating func publish() {
        if isPublished { return }
        if !hasBurst, now >= 2_000_000_000 {
            hasBurst = true
            queue = (0..<world.messages).reversed().map { Message(number: $0) } + queue
        }
        while streamed < min(now, 20_000_000_000) / world.stream {
            queue.insert(Message(number: world.messages + Int(streamed)), at: 0)
            streamed += 1
        }
        isPublished = now >= 20_000_000_000
    }

    /// The broker gives what there is to the consumers in turn, or to one after the other.
    private mutating func send() {
        if queue.isEmpty { return }
        var open = lanes.filter(hasRoom).shuffled(using: &generator)
        while !queue.isEmpty, !open.isEmpty {
            for lane in open where !queue.isEmpty {
                repeat {
                    var message = queue.removeLast()
                    let arrival = now + Int64.random(in: 0...5_000_000, using: &generator)
                    message.arrival = max(lane.wire.last?.arrival ?? 0, arrival)
                    lane.wire.append(message)
                    lane.given.insert(message.number)
                } while isGreedy && !queue.isEmpty && hasRoom(lane)
            }
            open = open.filter(hasRoom)
        }
    }

    private func hasRoom(_ lane: Lane) -> Bool {
        lane.given.count < lane.width && now >= lane.consumesSince + world.lateness
    }

    private mutating func turn(_ lane: Lane) {
        if now < lane.process.startsAt { return }
        if !lane.isConnected { connect(lane) }
        while let first = lane.wire.first, first.arrival <= now {
            lane.wire.removeFirst()
            if !take(first, lane) { return }
        }
        step(lane)
        while let slot = lane.intake.nextHeld() {
            if !open(slot, lane) { return }
        }
        finish(lane)
    }

    private func connect(_ lane: Lane) {
        let isFree = lane.process.turn == -1
        if isFree { lane.process.turn = lane.number }
        lane.intake.connected(hasTurn: isFree, now: now)
        lane.width = isFree ? 1 : 0
        lane.consumesSince = now
        lane.isConnected = true
    }

    private func step(_ lane: Lane) {
        let process = lane.process
        let isAskedFor = process.asker != -1 && process.asker != lane.number
        if lane.intake.givesUpTurn(isAskedFor: isAskedFor, now: now) { process.turn = -1 }
        switch lane.intake.step(now: now) {
        case .keep: break
        case .consume(let width):
            lane.width = width
            lane.given = []
        case .awaitTurn:
            lane.width = 0
            let isNeeded = lane.intake.needsTurn
            if process.turn == lane.number || process.turn == -1 && (isNeeded || !isAskedFor) {
                process.turn = lane.number
                if process.asker == lane.number { process.asker = -1 }
                lane.intake.tookTurn()
            } else if isNeeded, process.asker == -1 {
                process.asker = lane.number
            }
        }
    }

    /// - Returns: false when the process died.
    private mutating func take(_ message: Message, _ lane: Lane) -> Bool {
        lane.inHand[message.number] = message
        mostInHand = max(mostInHand, lane.inHand.count)
        if Suspicion.isPoison(returns: message.returns) {
            lane.intake.condemned()
            lane.handingOff.append((message.number, now + world.handOff))
            return true
        }
        if lane.intake.arrived(message.number, returns: message.returns, now: now) {
            return open(message.number, lane)
        }
        return true
    }

    private mutating func open(_ number: Int, _ lane: Lane) -> Bool {
        if world.poison.contains(number) {
            crash(lane.process)
            return false
        }
        if world.handedOn.contains(number) {
            lane.handingOff.append((number, now + world.handOff))
            if let message = lane.inHand[number], Suspicion.isSuspect(returns: message.returns) {
                lane.intake.setAside(returns: message.returns, now: now)
            }
        } else {
            lane.underWay.append(number)
        }
        return true
    }

    private mutating func finish(_ lane: Lane) {
        for (number, end) in lane.handingOff where end <= now {
            guard let message = lane.inHand.removeValue(forKey: number) else { continue }
            lane.given.remove(number)
            let wasCondemned = Suspicion.isPoison(returns: message.returns)
            if wasCondemned { condemned.append(number) } else { delivered.insert(number) }
            if Suspicion.isSuspect(returns: message.returns) { lane.intake.settledAside() }
        }
        lane.handingOff.removeAll { $0.end <= now }
        // Seldom, so that crashes meet messages under way.
        while !lane.underWay.isEmpty, Int.random(in: 0..<3, using: &generator) == 0 {
            let number = lane.underWay.removeFirst()
            if world.slow.contains(number), Int.random(in: 0..<30, using: &generator) != 0 {
                lane.underWay.append(number)
                return
            }
            guard let message = lane.inHand.removeValue(forKey: number) else { continue }
            lane.given.remove(number)
            delivered.insert(number)
            if Suspicion.isSuspect(returns: message.returns) {
                lane.intake.settled(returns: message.returns, now: now)
            }
        }
    }

    private mutating func crash(_ process: Process) {
        crashes += 1
        var back = process.lanes.flatMap { Array($0.inHand.values) + $0.wire }
        back.sort { $0.number > $1.number }
        for index in back.indices {
            back[index].returns += 1
            if !world.poison.contains(back[index].number) { highest = max(highest, back[index].returns) }
        }
        queue += back
        start(process)
        process.startsAt = now
        process.startsAt += Int64.random(in: world.restart...world.restart * 2, using: &generator)
    }
}
