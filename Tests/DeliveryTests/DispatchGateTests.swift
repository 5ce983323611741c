import Delivery
import TestSupport
import Testing

@Suite struct DispatchGateTests {
    @Test func `What may start at once starts at once`() {
        var gate = DispatchGate(concurrency: 3, perDestination: 2)
        #expect(gate.offer(1, to: 0) == true)
        #expect(gate.offer(2, to: 0) == true)
        #expect(gate.offer(3, to: 0) == false)
        #expect(gate.offer(4, to: 9) == true)
        #expect(gate.offer(5, to: 9) == false)
        #expect(gate.inFlight == 3)
        #expect(gate.waiting == 2)
        #expect(gate.next() == nil)
        gate.ended(9)
        #expect(gate.next() == 5)
        #expect(gate.next() == nil)
    }

    @Test func `Destinations take turns, and within one the first come first`() {
        var gate = DispatchGate(concurrency: 1, perDestination: 1)
        #expect(gate.offer(0, to: 0) == true)
        for (delivery, destination) in [(11, 1), (12, 1), (21, 2), (13, 1), (31, 3), (22, 2)] {
            #expect(gate.offer(delivery, to: destination) == false)
        }
        var order: [Int] = []
        var destination = 0
        for _ in 0..<6 {
            gate.ended(destination)
            guard let next = gate.next() else { break }
            order.append(next)
            destination = next / 10
        }
        #expect(order == [11, 21, 31, 12, 22, 13])
    }

    @Test func `One that hangs leaves the others their places`() {
        var gate = DispatchGate(concurrency: 10, perDestination: 2)
        for delivery in 0..<20 { _ = gate.offer(delivery, to: 0) }
        #expect(gate.inFlight == 2)
        for delivery in 20..<28 { #expect(gate.offer(delivery, to: delivery) == true) }
        #expect(gate.offer(28, to: 28) == false)
    }

    @Test func `A newcomer does not overtake another destination that waits for the free place`() {
        var gate = DispatchGate(concurrency: 1, perDestination: 1)
        #expect(gate.offer(1, to: 0) == true)
        #expect(gate.offer(2, to: 1) == false)
        gate.ended(0)
        #expect(gate.offer(3, to: 2) == false)
        #expect(gate.next() == 2)
        gate.ended(1)
        #expect(gate.next() == 3)
    }

    @Test func `Everything that waits can be taken out, and the gate goes on`() {
        var gate = DispatchGate(concurrency: 2, perDestination: 1)
        for delivery in 0..<6 { _ = gate.offer(delivery, to: delivery % 3) }
        #expect(gate.removeWaiting().sorted() == [2, 3, 4, 5])
        #expect(gate.waiting == 0)
        #expect(gate.removeWaiting() == [])
        gate.ended(0)
        gate.ended(1)
        #expect(gate.next() == nil)
        #expect(gate.inFlight == 0)
        #expect(gate.offer(7, to: 2) == true)
        #expect(gate.offer(8, to: 2) == false)
        gate.ended(2)
        #expect(gate.next() == 8)
    }

    @Test(arguments: 0..<30)
    func `Random traffic: limits hold, order is kept, everything comes out exactly once`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let concurrency = Int.random(in: 1...20, using: &generator)
        let perDestination = Int.random(in: 1...6, using: &generator)
        var gate = DispatchGate(concurrency: concurrency, perDestination: perDestination)
        var offered: [[Int]] = Array(repeating: [], count: 8)
        var started: [[Int]] = Array(repeating: [], count: 8)
        var removed: Set<Int> = []
        var underWay: [Int] = []
        var destinationOf: [Int] = []

        func checkLimits() {
            var perEach: [Int: Int] = [:]
            for delivery in underWay { perEach[destinationOf[delivery], default: 0] += 1 }
            if underWay.count > concurrency { Issue.record("\(underWay.count) under way of \(concurrency)") }
            if let most = perEach.values.max(), most > perDestination { Issue.record("\(most) to one destination") }
            if gate.inFlight != underWay.count { Issue.record("it counts \(gate.inFlight) for \(underWay.count)") }
        }
        func start(_ delivery: Int) {
            started[destinationOf[delivery]].append(delivery)
            underWay.append(delivery)
            checkLimits()
        }

        for round in 0..<4000 {
            switch Int.random(in: 0..<100, using: &generator) {
            case ..<50:
                let destination = min(
                    Int.random(in: 0..<8, using: &generator),
                    Int.random(in: 0..<8, using: &generator)
                )
                let delivery = destinationOf.count
                destinationOf.append(destination)
                offered[destination].append(delivery)
                if gate.offer(delivery, to: destination) { start(delivery) }
            case ..<98:
                if underWay.isEmpty { break }
                gate.ended(destinationOf[underWay.remove(at: Int.random(in: 0..<underWay.count, using: &generator))])
                if Bool.random(using: &generator) { while let next = gate.next() { start(next) } }
            default:
                if round % 10 == 0 { removed.formUnion(gate.removeWaiting()) }
            }
        }
        while let next = gate.next() { start(next) }
        while !underWay.isEmpty {
            gate.ended(destinationOf[underWay.removeLast()])
            while let next = gate.next() { start(next) }
        }
        #expect(gate.waiting == 0)
        #expect(started == offered.map { $0.filter { !removed.contains($0) } })
    }

    @Test(arguments: 0..<10)
    func `Destinations that all have work get the same share`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let concurrency = Int.random(in: 1...7, using: &generator)
        var gate = DispatchGate(concurrency: concurrency, perDestination: 7)
        for _ in 0..<concurrency { _ = gate.offer(-1, to: 0) }
        var underWay = Array(repeating: 0, count: concurrency)
        for delivery in 0..<500 {
            let destination = 1 + (delivery < 100 ? 0 : Int.random(in: 0..<5, using: &generator))
            #expect(gate.offer(destination, to: destination) == false)
        }
        var shares = Array(repeating: 0, count: 6)
        // Every destination has at least 60 waiting, so for 300 starts all five take part.
        for _ in 0..<300 where shares.max() ?? 0 < 60 {
            gate.ended(underWay.remove(at: Int.random(in: 0..<underWay.count, using: &generator)))
            guard let destination = gate.next() else {
                Issue.record("a place stays empty")
                return
            }
            shares[destination] += 1
            underWay.append(destination)
            let others = shares[1...]
            if (others.max() ?? 0) - (others.min() ?? 0) > 1 { Issue.record("shares \(shares)") }
        }
        #expect(shares[1...].min() ?? 0 >= 40)
    }

    @Test(arguments: 0..<5)
    func `Nothing waits for ever behind a flood of newcomers`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var gate = DispatchGate(concurrency: 4, perDestination: 2)
        var underWay = [0, 0, 1, 1]
        for destination in underWay { _ = gate.offer(destination, to: destination) }
        // The one that waits; the flood goes to ever new destinations, as the broker's next messages do.
        #expect(gate.offer(2, to: 2) == false)
        var newcomer = 3
        for turn in 0..<100 {
            gate.ended(underWay.remove(at: Int.random(in: 0..<underWay.count, using: &generator)))
            while gate.offer(newcomer, to: newcomer) {
                underWay.append(newcomer)
                newcomer += 1
            }
            newcomer += 1
            while let next = gate.next() {
                underWay.append(next)
                if next == 2 {
                    #expect(turn < 4)
                    return
                }
            }
        }
        Issue.record("100 others went first")
    }
}
