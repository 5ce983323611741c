import Delivery
import TestSupport
import Testing

@Suite struct DelayLadderTests {
    /// The rungs a message goes over when every timer of the broker is `late(hop)` milliseconds late, and how long all
    /// of it took.
    private func walk(_ delay: Int64, late: (Int) -> Int64 = { _ in 0 }) -> (rungs: [Int], took: Int64) {
        var elapsed: Int64 = 0
        var rungs: [Int] = []
        while let rung = DelayLadder.rung(remaining: delay - elapsed), rungs.count < 100 {
            elapsed += Int64(rung) * 1000 + late(rungs.count)
            rungs.append(rung)
        }
        return (rungs, elapsed)
    }

    @Test func `There are 17 rungs, each twice the one before`() {
        #expect(
            DelayLadder.rungs
                == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536]
        )
    }

    @Test(
        arguments: [
            (5000, [4, 1]), (15_000, [8, 4, 2, 1]), (60_000, [32, 16, 8, 4]),
            (21_600_000, [16_384, 4096, 1024, 64, 32]), (1000, [1]), (1, []), (51, [1]), (50, []), (0, []), (-5000, []),
            (1499, [1, 1]), (1500, [2]), (3500, [4]), (7000, [4, 2, 1]), (65_536_000, [65_536]),
            (131_072_000, [65_536, 65_536]),
            (86_400_000, [65_536, 16_384, 4096, 256, 128]),
        ] as [(Int64, [Int])]
    )
    func `Some waits and their hops`(delay: Int64, hops: [Int]) {
        #expect(walk(delay).rungs == hops)
    }

    @Test(arguments: [Int64.min, -1, 0, 1, 49, 50])
    func `Past or nearly past needs no rung`(remaining: Int64) {
        #expect(DelayLadder.rung(remaining: remaining) == nil)
    }

    @Test func `The longest wait there is takes the longest rung`() {
        #expect(DelayLadder.rung(remaining: .max) == 65_536)
        #expect(DelayLadder.rung(remaining: 40_000_000_000) == 65_536)
    }

    @Test(arguments: 0..<8)
    func `Any wait to 90,000 s with timers up to 40 ms late comes back in time, in few hops`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<4000 {
            // Short waits are as likely as long ones.
            let largest: Int64 = [2000, 60_000, 3_600_000, 90_000_000][round % 4]
            let delay = Int64.random(in: 0...largest, using: &generator)
            let latest = Int64.random(in: 0...40, using: &generator)
            let (rungs, took) = walk(delay) { _ in latest == 0 ? 0 : Int64.random(in: 0...latest, using: &generator) }
            // What is left below the tolerance counts as due.
            if took < delay - DelayLadder.tolerance { Issue.record("\(delay) ms came back after \(took): too early") }
            // One second, or 5 % and what the timers of the last hops add.
            if took > delay + max(1000, delay / 20 + 160) {
                Issue.record("\(delay) ms came back after \(took): too late")
            }
            if rungs.count > 20 { Issue.record("\(delay) ms took \(rungs.count) hops") }
        }
    }

    @Test func `Every wait to 90,000 s, second by second, without late timers`() {
        for seconds in Int64(0)...90_000 {
            let (rungs, took) = walk(seconds * 1000)
            if took < seconds * 1000 || took > seconds * 1000 + max(1000, seconds * 50) || rungs.count > 17 {
                Issue.record("\(seconds) s: \(rungs), \(took) ms")
            }
        }
    }
}
