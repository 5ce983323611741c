import Delivery
import TestSupport
import Testing

@Suite struct RetryPolicyTests {
    @Test(
        arguments: [
            (1, 5000), (2, 15_000), (3, 45_000), (4, 135_000), (5, 405_000), (6, 1_215_000), (7, 3_645_000),
            (8, 10_935_000), (9, 21_600_000), (10, 21_600_000), (11, 21_600_000), (1000, 21_600_000),
        ] as [(Int, Int64)]
    )
    func `The defaults give the waits of the table`(attempt: Int, wait: Int64) {
        #expect(RetryPolicy().delay(afterAttempt: attempt, random: 0.5) == wait)
    }

    @Test(arguments: 1...12)
    func `Jitter varies a wait by a fifth both ways and no further`(attempt: Int) {
        let policy = RetryPolicy()
        let middle = policy.delay(afterAttempt: attempt, random: 0.5)
        #expect(policy.delay(afterAttempt: attempt, random: 0) == middle * 8 / 10)
        #expect(policy.delay(afterAttempt: attempt, random: 1) == middle * 12 / 10)
        var generator = SeededGenerator(seed: UInt64(attempt))
        var (lowest, highest) = (Int64.max, Int64.min)
        for _ in 0..<2000 {
            let wait = policy.delay(afterAttempt: attempt, random: Double.random(in: 0...1, using: &generator))
            lowest = min(lowest, wait)
            highest = max(highest, wait)
        }
        #expect(lowest >= middle * 8 / 10 && lowest < middle * 85 / 100)
        #expect(highest <= middle * 12 / 10 && highest > middle * 115 / 100)
    }

    @Test(arguments: [1, 2, 50, 1000])
    func `Factor 1 waits the same each time`(attempt: Int) {
        let policy = RetryPolicy(firstDelay: 2000, factor: 1, jitter: 0)
        #expect(policy.delay(afterAttempt: attempt, random: 0.9) == 2000)
    }

    @Test(arguments: [1, 2, 10, 100, 1000, 100_000])
    func `However large factor and attempt, the wait stays at its cap`(attempt: Int) {
        let policy = RetryPolicy(firstDelay: 1, factor: 1e300, maxDelay: 86_400_000, jitter: 1)
        #expect((0...172_800_000).contains(policy.delay(afterAttempt: attempt, random: 1)))
        #expect(policy.delay(afterAttempt: attempt, random: 0) == 0)
    }

    @Test func `A first delay over the cap is cut to it`() {
        let policy = RetryPolicy(firstDelay: 10_000, maxDelay: 3000, jitter: 0)
        #expect(policy.delay(afterAttempt: 1, random: 0) == 3000)
    }

    @Test(arguments: [0, -1, Int.min])
    func `An attempt number below one counts as the first`(attempt: Int) {
        #expect(RetryPolicy(jitter: 0).delay(afterAttempt: attempt, random: 0) == 5000)
    }

    @Test func `No first delay means no wait`() {
        #expect(RetryPolicy(firstDelay: 0).delay(afterAttempt: 8, random: 1) == 0)
    }
}
