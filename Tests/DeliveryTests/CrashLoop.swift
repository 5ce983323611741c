import Delivery
import TestSupport

/// A queue whose broker counts what comes back, and processes of some lanes that die of one message: a model that the
/// seed drives. Everything that a dead process held returns to the head of the queue, counted.
struct CrashLoop {
    struct Message {
        var number: Int
        var returns = 0
    }

    struct Lane {
        var intake: SuspectIntake
        var width = 0
        /// Delivered by the broker: under way or held.
        var inHand: [Int: Message] = [:]
        /// Those in hand that the consumer of now was given: the broker counts them alone.
        var given: Set<Int> = []
        var underWay: [Int] = []
        var isConnected = false
    }

    struct Process {
        var lanes: [Lane]
        var turn = -1
    }

    let poison: Set<Int>
    /// Harmless messages that take long.
    let slow: Set<Int>
    let prefetch: Int
    var queue: [Message]
    var processes: [Process]
    var delivered: Set<Int> = []
    var condemned: [Int] = []
    var crashes = 0
    /// The highest count that a harmless message came to.
    var highest = 0
    var now: Int64 = 0
    var generator: SeededGenerator

    /// How many a lane had in hand at most.
    var mostInHand = 0

    init(
        seed: UInt64,
        messages: Int,
        poison: Set<Int>,
        slow: Set<Int>,
        processes: Int,
        lanes: Int,
        prefetch: Int
    ) {
        self.poison = poison
        self.slow = slow
        self.prefetch = prefetch
        generator = SeededGenerator(seed: seed)
        queue = (0..<messages).map { Message(number: $0) }
        let lane = Lane(intake: SuspectIntake(prefetch: prefetch))
        self.processes = Array(repeating: Process(lanes: Array(repeating: lane, count: lanes)), count: processes)
    }

    var isOver: Bool { queue.isEmpty && processes.allSatisfy { $0.lanes.allSatisfy { $0.inHand.isEmpty } } }

    mutating func run(turns: Int) {
        for _ in 0..<turns where !isOver {
            now += Int64.random(in: 1_000_000...20_000_000, using: &generator)
            let process = Int.random(in: processes.indices, using: &generator)
            let lane = Int.random(in: processes[process].lanes.indices, using: &generator)
            turn(process, lane)
        }
    }

    private mutating func turn(_ process: Int, _ lane: Int) {
        if !processes[process].lanes[lane].isConnected { connect(process, lane) }
        step(process, lane)
        if !deliver(process, lane) { return }
        while let slot = processes[process].lanes[lane].intake.nextHeld() {
            if !start(slot, process, lane) { return }
        }
        finish(process, lane)
    }

    private mutating func connect(_ process: Int, _ lane: Int) {
        let isFree = processes[process].turn == -1
        if isFree { processes[process].turn = lane }
        processes[process].lanes[lane].intake.connected(hasTurn: isFree, now: now)
        processes[process].lanes[lane].width = isFree ? 1 : 0
        processes[process].lanes[lane].isConnected = true
    }

    private mutating func step(_ process: Int, _ lane: Int) {
        if processes[process].lanes[lane].intake.givesUpTurn() { processes[process].turn = -1 }
        switch processes[process].lanes[lane].intake.step(now: now) {
        case .keep: break
        case .consume(let width):
            processes[process].lanes[lane].width = width
            processes[process].lanes[lane].given = []
        case .awaitTurn:
            processes[process].lanes[lane].width = 0
            if processes[process].turn == -1 || processes[process].turn == lane {
                processes[process].turn = lane
                processes[process].lanes[lane].intake.tookTurn()
            }
        }
    }

    /// - Returns: false when the process died.
    private mutating func deliver(_ process: Int, _ lane: Int) -> Bool {
        let room = max(0, processes[process].lanes[lane].width - processes[process].lanes[lane].given.count)
        for _ in 0..<Int.random(in: 0...room, using: &generator) where !queue.isEmpty {
            let message = queue.removeFirst()
            if Suspicion.isPoison(returns: message.returns) {
                condemned.append(message.number)
                continue
            }
            processes[process].lanes[lane].inHand[message.number] = message
            processes[process].lanes[lane].given.insert(message.number)
            mostInHand = max(mostInHand, processes[process].lanes[lane].inHand.count)
            let isAdmitted = processes[process].lanes[lane].intake.arrived(
                message.number,
                returns: message.returns,
                now: now
            )
            if isAdmitted, !start(message.number, process, lane) { return false }
        }
        return true
    }

    private mutating func start(_ number: Int, _ process: Int, _ lane: Int) -> Bool {
        if poison.contains(number) {
            crash(process)
            return false
        }
        processes[process].lanes[lane].underWay.append(number)
        return true
    }

    private mutating func finish(_ process: Int, _ lane: Int) {
        // Seldom, so that crashes meet messages under way.
        while !processes[process].lanes[lane].underWay.isEmpty, Int.random(in: 0..<3, using: &generator) == 0 {
            let number = processes[process].lanes[lane].underWay.removeFirst()
            if slow.contains(number), Int.random(in: 0..<30, using: &generator) != 0 {
                processes[process].lanes[lane].underWay.append(number)
                return
            }
            guard let message = processes[process].lanes[lane].inHand.removeValue(forKey: number) else { continue }
            processes[process].lanes[lane].given.remove(number)
            delivered.insert(number)
            if Suspicion.isSuspect(returns: message.returns) {
                processes[process].lanes[lane].intake.settled(returns: message.returns, now: now)
            }
        }
    }

    private mutating func crash(_ process: Int) {
        crashes += 1
        var back: [Message] = []
        for lane in processes[process].lanes.indices {
            back += processes[process].lanes[lane].inHand.values
            processes[process].lanes[lane] = Lane(intake: SuspectIntake(prefetch: prefetch))
        }
        processes[process].turn = -1
        back.sort { $0.number < $1.number }
        for index in back.indices {
            back[index].returns += 1
            if !poison.contains(back[index].number) { highest = max(highest, back[index].returns) }
        }
        queue = back + queue
    }
}
