import Delivery
import Testing

@Suite struct OrphanMemoryTests {
    private static let second: Int64 = 1_000_000_000
    private func key(_ number: Int) -> [UInt8] { Array("event-\(number)/1001/global/default".utf8) }

    @Test func `A fate is told once`() {
        var memory = OrphanMemory()
        #expect(memory.isEmpty)
        memory.remember(key(1), .underWay(7), now: 0)
        memory.remember(key(2), .delivered, now: 0)
        #expect(!memory.isEmpty)
        #expect(memory.take(key(1), now: 0) == .underWay(7))
        #expect(memory.take(key(1), now: 0) == nil)
        #expect(memory.take(key(2), now: 0) == .delivered)
        #expect(memory.take(key(3), now: 0) == nil)
        #expect(memory.isEmpty)
    }

    @Test func `The latest fate of a delivery counts, and lives as long as if it were the only one`() {
        var memory = OrphanMemory()
        memory.remember(key(1), .underWay(7), now: 0)
        memory.remember(key(1), .delivered, now: 800 * Self.second)
        // The first entry's time is up; the second's is not.
        memory.remember(key(2), .delivered, now: 901 * Self.second)
        #expect(memory.take(key(1), now: 901 * Self.second) == .delivered)
    }

    @Test func `What was forgotten is not told`() {
        var memory = OrphanMemory()
        memory.remember(key(1), .underWay(7), now: 0)
        memory.forget(key(1))
        memory.forget(key(2))
        #expect(memory.isEmpty)
        #expect(memory.take(key(1), now: 0) == nil)
    }

    @Test func `After 15 minutes a fate makes room`() {
        var memory = OrphanMemory()
        memory.remember(key(1), .delivered, now: 0)
        memory.remember(key(2), .delivered, now: 10 * Self.second)
        memory.remember(key(3), .delivered, now: 900 * Self.second)
        #expect(memory.take(key(1), now: 900 * Self.second) == nil)
        #expect(memory.take(key(2), now: 900 * Self.second) == .delivered)
        #expect(memory.take(key(3), now: 900 * Self.second) == .delivered)
    }

    @Test func `What may be acknowledged lives five minutes, whether or not anything is remembered after it`() {
        var memory = OrphanMemory()
        for number in 1...3 { memory.remember(key(number), .delivered, isSettled: true, now: 0) }
        #expect(memory.take(key(1), now: 299 * Self.second) == .delivered)
        #expect(memory.take(key(2), now: 300 * Self.second) == nil)
        memory.forgetOld(now: 299 * Self.second)
        #expect(!memory.isEmpty)
        memory.forgetOld(now: 300 * Self.second)
        #expect(memory.isEmpty)
    }

    /// An event that was exported from the dead letters and published anew has the key of the first.
    @Test func `A fresh message with the key of a delivered one ends the memory of it, not of what is under way`() {
        var memory = OrphanMemory()
        memory.remember(key(1), .delivered, now: 0)
        memory.remember(key(2), .underWay(7), now: 0)
        for number in 1...3 { memory.seeFresh(key(number)) }
        #expect(memory.take(key(1), now: 0) == nil)
        #expect(memory.take(key(2), now: 0) == .underWay(7))
    }

    @Test func `It keeps the last 100,000`() {
        var memory = OrphanMemory()
        for number in 0..<100_010 { memory.remember(key(number), .underWay(number), now: Int64(number)) }
        for number in 0..<100_010 {
            let expected: OrphanMemory.Fate? = number < 10 ? nil : .underWay(number)
            if memory.take(key(number), now: 200_000) != expected { Issue.record("wrong fate of \(number)") }
        }
        #expect(memory.isEmpty)
    }
}
