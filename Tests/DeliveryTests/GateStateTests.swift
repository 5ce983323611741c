import Delivery
import TestSupport
import Testing

/// Breakers, pauses and memory of the gate.
@Suite struct GateStateTests {
    private static let second: Int64 = 1_000_000_000

    private func gate(_ policy: DispatchPolicy = DispatchPolicy(concurrency: 100, perDestination: 10)) -> DispatchGate {
        DispatchGate(policy)
    }

    private func isParked(_ admission: DispatchGate.Admission, for cause: ParkingCause) -> Bool {
        if case .park(let parking) = admission { parking.cause == cause } else { false }
    }

    @Test func `A breaker that opens parks what waits and what comes, lets one probe through, and closes`() {
        var gate = gate()
        for delivery in 0..<15 { _ = gate.offer(delivery, to: 0) }
        #expect(gate.inFlight == 10 && gate.waiting == 5)
        for _ in 0..<10 { gate.ended(0, .unreachable, startedAt: 0) }
        #expect(gate.breakersOpen == 1)
        #expect(gate.takeChanges().map(\.destination) == [0])
        var displaced: [Int] = []
        while let next = gate.nextDisplaced() {
            displaced.append(next.delivery)
            #expect(next.parking.cause == .breaker && next.parking.isShut)
        }
        #expect(displaced.sorted() == [10, 11, 12, 13, 14])
        #expect(gate.next() == nil && gate.waiting == 0)
        #expect(isParked(gate.admit(20, to: 0, of: 0), for: .breaker))
        gate.now = 7 * Self.second
        #expect(gate.admit(21, to: 0, of: 0) == .start)
        #expect(isParked(gate.admit(22, to: 0, of: 0), for: .breaker), "one probe at a time")
        gate.now += 1
        gate.ended(0, .answered, startedAt: 7 * Self.second)
        #expect(gate.breakersOpen == 0)
        #expect(gate.offer(23, to: 0) == true, "one at a time at first")
        #expect(gate.offer(24, to: 0) == false)
    }

    @Test func `A pause that the destination asks for shuts its gate until then; the first afterwards goes alone`() {
        var gate = gate()
        for delivery in 0..<2 { #expect(gate.offer(delivery, to: 0) == true) }
        gate.ended(0, .overloaded, startedAt: 0, pause: 60 * Self.second)
        guard case .park(let parking) = gate.admit(2, to: 0, of: 0) else {
            Issue.record("not parked")
            return
        }
        #expect(parking.cause == .retryAfter && parking.shut >= 60 && parking.shut + parking.turn < 62)
        gate.ended(0, .answered, startedAt: 0)
        #expect(isParked(gate.admit(3, to: 0, of: 0), for: .retryAfter), "an older answer does not open it")
        #expect(gate.offer(4, to: 1) == true, "nobody else is shut")
        gate.now = 60 * Self.second
        #expect(gate.offer(5, to: 0) == true)
        #expect(gate.offer(6, to: 0) == false)
    }

    @Test func `A pause counts for a day at most, and one of a moment is waited for here`() {
        var gate = gate()
        #expect(gate.offer(0, to: 0) == true)
        gate.ended(0, .overloaded, startedAt: 0, pause: .max / 2)
        gate.now = 86_401 * Self.second
        #expect(gate.offer(1, to: 0) == true)
        gate.ended(0, .overloaded, startedAt: gate.now, pause: Self.second / 2)
        #expect(gate.admit(2, to: 0, of: 0) == .wait)
        #expect(gate.deadline == gate.now + Self.second / 2)
        #expect(gate.next() == nil)
        gate.now += Self.second / 2
        gate.turn(held: 1)
        #expect(gate.next() == 2)
    }

    @Test func `A refusal, and a fault of our own, trip no breaker`() {
        var gate = gate()
        for delivery in 0..<1000 where gate.offer(delivery, to: 0) {
            gate.ended(0, delivery % 2 == 0 ? .answered : .silent, startedAt: 0)
        }
        for delivery in 0..<1000 where gate.offer(delivery, to: 1) {
            gate.ended(1, .silent, startedAt: 0)
        }
        #expect(gate.breakersOpen == 0)
    }

    @Test func `Two hundred thousand hosts in an hour leave ten thousand at most, and numbers are used again`() {
        var gate = gate()
        var numbers = DestinationNumbers<Int>()
        var most = 0
        for host in 0..<200_000 {
            gate.now += Self.second / 50
            if numbers.isCrowded {
                for number in numbers.inspect(16) where gate.isForgettable(number, isCrowded: numbers.isCrowded) {
                    gate.forget(number)
                    numbers.remove(number)
                }
            }
            let number = numbers.add(host)
            most = max(most, number)
            if !gate.offer(host, to: number) { Issue.record("host \(host) does not start") }
            gate.ended(number, host % 3 == 0 ? .answered : .unreachable, startedAt: gate.now)
        }
        #expect(numbers.count <= 10_001)
        #expect(most <= 10_100)
        #expect(gate.inFlight == 0)
    }

    @Test func `What is busy is never forgotten, an open breaker for an hour, the rest when idle for ten minutes`() {
        var gate = gate()
        #expect(gate.offer(0, to: 0) == true)
        for _ in 0..<10 {
            #expect(gate.admit(1, to: 1, of: 0) == .start)
            gate.ended(1, .unreachable, startedAt: 0)
        }
        #expect(gate.offer(2, to: 2) == true)
        gate.ended(2)
        gate.now = 601 * Self.second
        #expect((0...2).map { gate.isForgettable($0, isCrowded: false) } == [false, false, true])
        #expect((0...2).map { gate.isForgettable($0, isCrowded: true) } == [false, true, true])
        gate.now = 3601 * Self.second
        #expect(gate.isForgettable(1, isCrowded: false))
        gate.forget(1)
        #expect(gate.breakersOpen == 0)
        #expect(gate.admit(9, to: 1, of: 0) == .start)
    }

    @Test func `A breaker that nobody asks any more is forgotten ten minutes after its time, and its line empties`() {
        var gate = gate()
        for _ in 0..<10 {
            #expect(gate.admit(1, to: 0, of: 0) == .start)
            gate.ended(0, .unreachable, startedAt: 0)
        }
        for delivery in 0..<5 { #expect(isParked(gate.admit(delivery, to: 0, of: 0), for: .breaker)) }
        #expect(gate.standings(limit: 1).map(\.parked) == [5])
        gate.now = 30 * Self.second
        #expect(gate.standings(limit: 1).map(\.parked) == [0])
        gate.now = 604 * Self.second
        #expect(!gate.isForgettable(0, isCrowded: false))
        gate.now = 607 * Self.second
        #expect(gate.isForgettable(0, isCrowded: false))
    }

    @Test func `What is parked for a breaker waits for the pause as well that the destination asked for`() {
        var gate = gate()
        for _ in 0..<9 {
            #expect(gate.admit(1, to: 0, of: 0) == .start)
            gate.ended(0, .serverError, startedAt: 0)
        }
        #expect(gate.offer(1, to: 0) == true)
        gate.ended(0, .overloaded, startedAt: 0, pause: 60 * Self.second)
        guard case .park(let parking) = gate.admit(2, to: 0, of: 0) else {
            Issue.record("not parked")
            return
        }
        #expect(parking.cause == .breaker && parking.shut + parking.turn >= 60)
    }

    @Test func `Those that never answer share half of the places`() {
        var gate = gate(DispatchPolicy(concurrency: 20, perDestination: 10))
        var started = 0
        for delivery in 0..<30 where gate.offer(delivery, to: delivery) { started += 1 }
        #expect(started == 10)
        gate.ended(0, .answered, startedAt: 0)
        // The place of the one that answered goes to the next that waits, and it has the other half to itself.
        var next: [Int] = []
        while let delivery = gate.next() { next.append(delivery) }
        #expect(next == [10])
        for delivery in 100..<110 { #expect(gate.offer(delivery, to: 0) == true) }
        #expect(gate.offer(200, to: 0) == false)
    }

    @Test(arguments: 0..<20)
    func `Random endings: limits hold, and everything comes out exactly once`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let policy = DispatchPolicy(
            concurrency: Int.random(in: 1...30, using: &generator),
            perDestination: Int.random(in: 1...8, using: &generator),
            rate: Bool.random(using: &generator) ? 50 : 0,
            window: Int.random(in: 16...100, using: &generator),
            breaker: BreakerPolicy(failures: 4)
        )
        var gate = DispatchGate(policy)
        var underWay: [(delivery: Int, destination: Int, at: Int64)] = []
        var destinationOf: [Int] = []
        var left: Set<Int> = []
        var held = 0

        func start(_ delivery: Int) {
            underWay.append((delivery, destinationOf[delivery], gate.now))
            if !left.insert(delivery).inserted { Issue.record("\(delivery) twice") }
            if underWay.count > policy.concurrency { Issue.record("over the concurrency") }
            let same = underWay.count { $0.destination == destinationOf[delivery] }
            if same > policy.perDestination { Issue.record("\(same) to one destination") }
        }
        func settle() {
            while let next = gate.next() { start(next) }
            while let next = gate.nextDisplaced() {
                held -= 1
                if !left.insert(next.delivery).inserted { Issue.record("\(next.delivery) twice") }
            }
        }
        func end(_ ending: AttemptEnding) {
            let ended = underWay.remove(at: Int.random(in: 0..<underWay.count, using: &generator))
            held -= 1
            let pause =
                Int.random(in: 0..<50, using: &generator) == 0
                ? Int64.random(in: 1...5_000_000_000, using: &generator) : 0
            gate.ended(ended.destination, ending, startedAt: ended.at, pause: pause)
        }
        let endings: [AttemptEnding] = [
            .answered, .answered, .answered, .serverError, .unreachable, .timedOut, .overloaded, .silent,
        ]
        for _ in 0..<5000 {
            gate.now += Int64.random(in: 0...20_000_000, using: &generator)
            if held < policy.window, Bool.random(using: &generator) {
                let delivery = destinationOf.count
                destinationOf.append(
                    min(Int.random(in: 0..<9, using: &generator), Int.random(in: 0..<9, using: &generator))
                )
                held += 1
                let destination = destinationOf[delivery]
                if gate.starts(destination) {
                    start(delivery)
                } else {
                    let publisher = UInt64.random(in: 0..<3, using: &generator)
                    switch gate.admit(delivery, to: destination, of: publisher, parked: 0, held: held) {
                    case .start: start(delivery)
                    case .wait: break
                    case .park:
                        held -= 1
                        left.insert(delivery)
                    }
                }
            } else if !underWay.isEmpty {
                end(endings.randomElement(using: &generator) ?? .silent)
            }
            gate.turn(held: held)
            settle()
            if gate.inFlight != underWay.count { Issue.record("it counts \(gate.inFlight) for \(underWay.count)") }
        }
        // Nothing starves: with time, and answers, all of it goes.
        for _ in 0..<20_000 where !(underWay.isEmpty && gate.waiting == 0) {
            gate.now += 50_000_000
            if !underWay.isEmpty { end(.answered) }
            gate.turn(held: held)
            settle()
        }
        #expect(gate.waiting == 0)
        #expect(left.count == destinationOf.count)
    }
}
