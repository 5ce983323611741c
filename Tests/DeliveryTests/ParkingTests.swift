import Delivery
import TestSupport
import Testing

@Suite struct ParkingTests {
    @Test func `A short wait is one rung, and right on average`() {
        for wait in [1.0, 3, 5, 45, 100, 256] {
            let parking = Parking(.hostLimit, turn: wait, line: 100_000)
            let delays = (0..<1000).map { parking.delay(parked: 0, random: Double($0) / 1000) }
            #expect(Set(delays).count <= 2)
            for delay in Set(delays) { #expect(DelayLadder.rungs.contains(Int(delay / 1000)) && delay % 1000 == 0) }
            let mean = Double(delays.reduce(0, +)) / 1e6
            #expect(abs(mean - wait) < 0.02 * wait, "\(mean) s for \(wait) s")
        }
    }

    @Test func `Where the destination is shut nobody comes too early`() {
        for wait in [0.3, 1.0, 4.7, 60, 130, 500, 3000, 86_400] {
            for parked in 0..<12 {
                for random in stride(from: 0.0, to: 1, by: 0.1) {
                    let delay = Parking(.breaker, shut: wait, turn: 0).delay(parked: parked, random: random)
                    #expect(Double(delay) >= wait * 1000 - 1)
                    #expect(Double(delay) <= max(wait * 2000, 512_000))
                }
            }
        }
    }

    @Test func `Who is parked again waits longer at least, and may wait longer at most`() {
        let soon = Parking(.hostLimit, turn: 0.1)
        #expect((0..<10).map { soon.delay(parked: $0, random: 0) / 1000 } == [1, 2, 4, 8, 16, 32, 32, 32, 32, 32])
        let late = Parking(.hostLimit, turn: 1e9, line: 300_000)
        #expect((0..<6).map { late.delay(parked: $0, random: 0.5) / 1000 } == [256, 512, 1024, 2048, 4096, 4096])
    }

    @Test func `Few that are parked look again soon, however slow their destination was`() {
        let few = Parking(.hostLimit, turn: 1e9, line: 300)
        #expect((0..<8).map { few.delay(parked: $0, random: 0.5) / 1000 } == [32, 64, 128, 256, 512, 1024, 2048, 4096])
        let many = Parking(.hostLimit, turn: 1e9, line: 12_800)
        #expect(many.delay(parked: 0, random: 0.5) == 128_000)
        // Beyond the time that it is shut for, too.
        let shut = Parking(.breaker, shut: 30, turn: 1e9, line: 300)
        #expect(shut.delay(parked: 0, random: 0.5) == 62_000)
    }

    /// 300,000 parked ones to a destination that takes ten a second.
    @Test func `A long line costs the broker some hundred messages a second`() {
        var due: [Int: Int] = [:]
        var generator = SeededGenerator(seed: 3)
        var line: [(at: Int, parked: Int)] = (0..<300_000).map { ($0 / 10_000, 0) }
        while let next = line.popLast() {
            let parking = Parking(.hostLimit, turn: 30_000, line: 300_000)
            let at =
                next.at
                + Int(parking.delay(parked: next.parked, random: Double.random(in: 0..<1, using: &generator)) / 1000)
            if at > 7200 { continue }
            due[at, default: 0] += 1
            line.append((at, next.parked + 1))
        }
        // The first round comes back as it went; afterwards it spreads.
        let later = due.filter { $0.key > 3600 }.map(\.value).reduce(0, +)
        #expect(later / 3600 < 200, "\(later / 3600) a second")
    }
}
