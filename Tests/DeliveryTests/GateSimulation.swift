import Delivery
import TestSupport

/// A lane in simulated time: a full queue, a window, a gate, destinations that answer or do not, and the ladder.
struct GateSimulation {
    struct Server {
        /// Share of the events in the queue.
        var share: Double
        /// Nanoseconds.
        var latency: Int64
        var ending = AttemptEnding.answered
        /// This share of the requests times out after a second.
        var forgotten = 0.0
        /// From then on (nanoseconds) it answers within a millisecond.
        var wellFrom = Int64.max
        /// Out of how many publishers' events it gets; the first has half of them.
        var publishers = 1
    }

    private struct Delivery {
        var destination: Int
        var publisher: Int
        var parked = 0
        var createdAt: Int64
        var startedAt: Int64 = 0
        var isForgotten = false
        var isDone = false
    }

    static let second: Int64 = 1_000_000_000
    var gate: DispatchGate
    let servers: [Server]
    let policy: DispatchPolicy
    /// What the worker itself needs for a delivery, in nanoseconds: so it does 5,000 a second.
    private let work: Int64 = 200_000
    private var generator: SeededGenerator
    private var now: Int64 = 0
    private var deliveries: [Delivery] = []
    private var held = 0
    private var ends = Schedule()
    private var ladder = Schedule()
    private(set) var done: [Int]
    private(set) var parked: [Int]
    private(set) var donePerPublisher: [Int: Int] = [:]
    private(set) var mostUnderWay: [Int]
    private var underWay: [Int]

    init(_ policy: DispatchPolicy, _ servers: [Server], seed: UInt64) {
        self.policy = policy
        self.servers = servers
        gate = DispatchGate(policy)
        generator = SeededGenerator(seed: seed)
        done = Array(repeating: 0, count: servers.count)
        parked = done
        mostUnderWay = done
        underWay = done
    }

    mutating func run(until end: Int64) {
        while now < end {
            tick(work)
            while let delivery = ends.pop(now) { finish(delivery) }
            var budget = 8
            while held < policy.window, budget > 0 {
                budget -= 1
                if let back = ladder.pop(now) { take(back) } else { take(newDelivery()) }
            }
            gate.turn(held: held)
            startWaiting()
            _ = gate.takeChanges()
            if held >= policy.window, ends.first ?? 0 > now { tick(min(ends.first ?? now, now + 10_000_000) - now) }
        }
    }

    /// How many to a destination were taken before then and are not over yet.
    func left(to destination: Int, from time: Int64) -> Int {
        deliveries.filter { $0.destination == destination && $0.createdAt < time && !$0.isDone }.count
    }

    private mutating func tick(_ time: Int64) {
        now += max(0, time)
        gate.now = now
    }

    private mutating func newDelivery() -> Int {
        var dice = Double.random(in: 0..<1, using: &generator)
        var destination = 0
        while destination < servers.count - 1, dice >= servers[destination].share {
            dice -= servers[destination].share
            destination += 1
        }
        let publishers = servers[destination].publishers
        let isFirst = publishers == 1 || Bool.random(using: &generator)
        let publisher = isFirst ? 0 : Int.random(in: 1..<publishers, using: &generator)
        deliveries.append(Delivery(destination: destination, publisher: destination * 1000 + publisher, createdAt: now))
        return deliveries.count - 1
    }

    private mutating func take(_ delivery: Int) {
        held += 1
        let destination = deliveries[delivery].destination
        if gate.starts(destination) {
            start(delivery)
            return
        }
        let admission = gate.admit(
            delivery,
            to: destination,
            of: UInt64(deliveries[delivery].publisher),
            parked: deliveries[delivery].parked,
            held: held
        )
        switch admission {
        case .start: start(delivery)
        case .wait: break
        case .park(let parking): park(delivery, parking)
        }
    }

    private mutating func startWaiting() {
        while let delivery = gate.next() { start(delivery) }
        while let displaced = gate.nextDisplaced() { park(displaced.delivery, displaced.parking) }
    }

    private mutating func start(_ delivery: Int) {
        let destination = deliveries[delivery].destination
        deliveries[delivery].startedAt = now
        underWay[destination] += 1
        mostUnderWay[destination] = max(mostUnderWay[destination], underWay[destination])
        let latency = now < servers[destination].wellFrom ? servers[destination].latency : 1_000_000
        // No dice where nothing is forgotten: the other worlds stay as they are.
        let forgotten = servers[destination].forgotten
        let isForgotten = forgotten > 0 && Double.random(in: 0..<1, using: &generator) < forgotten
        deliveries[delivery].isForgotten = isForgotten
        if isForgotten { return ends.add(now + Self.second, delivery) }
        ends.add(now + latency * Int64.random(in: 80...120, using: &generator) / 100, delivery)
    }

    private mutating func finish(_ delivery: Int) {
        tick(work)
        held -= 1
        let destination = deliveries[delivery].destination
        underWay[destination] -= 1
        done[destination] += 1
        deliveries[delivery].isDone = true
        donePerPublisher[deliveries[delivery].publisher, default: 0] += 1
        let startedAt = deliveries[delivery].startedAt
        var ending = startedAt < servers[destination].wellFrom ? servers[destination].ending : .answered
        if deliveries[delivery].isForgotten { ending = .timedOut }
        gate.ended(destination, ending, startedAt: startedAt)
        startWaiting()
    }

    private mutating func park(_ delivery: Int, _ parking: Parking) {
        tick(work / 2)
        held -= 1
        parked[deliveries[delivery].destination] += 1
        let random = Double.random(in: 0..<1, using: &generator)
        let delay = parking.delay(parked: deliveries[delivery].parked, random: random)
        deliveries[delivery].parked += 1
        ladder.add(now + delay * 1_000_000, delivery)
    }
}

/// What is due when; a binary heap.
private struct Schedule {
    private var entries: [(due: Int64, delivery: Int)] = []

    var first: Int64? { entries.first?.due }

    mutating func add(_ due: Int64, _ delivery: Int) {
        entries.append((due, delivery))
        var index = entries.count - 1
        while index > 0, entries[(index - 1) / 2].due > entries[index].due {
            entries.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func pop(_ now: Int64) -> Int? {
        guard let first = entries.first, first.due <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var index = 0
        while true {
            var smallest = index
            for child in [2 * index + 1, 2 * index + 2] where child < entries.count {
                if entries[child].due < entries[smallest].due { smallest = child }
            }
            if smallest == index { break }
            entries.swapAt(index, smallest)
            index = smallest
        }
        return first.delivery
    }
}
