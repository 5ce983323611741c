import Delivery
import Testing

/// Swift seeds its hashes anew in each process: nothing the gate does may depend on their order, or no run could be
/// done again.
@Suite struct GateOrderTests {
    @Test func `Of several publishers that have most waiting, the one in turn gives way`() {
        var queue = FairQueue()
        for publisher in [9, 4, 7, 1, 8, 3, 6] as [UInt64] {
            for number in 1...2 { queue.append(Int(publisher) * 10 + number, of: publisher) }
        }
        #expect((1...7).map { _ in queue.removeFromLongest() } == [92, 42, 72, 12, 82, 32, 62])
    }

    @Test func `Destinations that hold too much are relieved in their order`() {
        var gate = DispatchGate(DispatchPolicy(concurrency: 100, perDestination: 1, window: 64, suspects: 100))
        gate.now = 1
        for destination in 0..<8 {
            for number in 0..<7 {
                let admission = gate.admit(destination * 10 + number, to: destination, of: 1)
                #expect(admission == (number == 0 ? .start : .wait))
            }
        }
        gate.now += 20_000_000_000
        gate.turn(held: 64)
        var relieved: [Int] = []
        while let displaced = gate.nextDisplaced() { relieved.append(displaced.delivery / 10) }
        // Enough to be below the pressure, no more.
        #expect(Set(relieved) == Set(0..<5))
        #expect(relieved == relieved.sorted())
    }
}
