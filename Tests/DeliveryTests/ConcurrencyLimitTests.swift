import Delivery
import TestSupport
import Testing

@Suite struct ConcurrencyLimitTests {
    private static let ms: Int64 = 1_000_000

    /// Answers of `latency` for so many round trips, the limit reached in each.
    private func run(_ limit: inout ConcurrencyLimit, _ now: inout Int64, trips: Int, latency: (Int) -> Int64) {
        for _ in 0..<trips {
            let each = latency(limit.limit)
            now += each
            for _ in 0..<limit.limit { limit.answered(latency: each, wasFull: true, now: now) }
            now += 1
        }
    }

    @Test func `A healthy destination has all from the start, whatever noise there is below 50 ms`() {
        var limit = ConcurrencyLimit(maximum: 50)
        var now: Int64 = 0
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<10_000 {
            now += Self.ms
            limit.answered(
                latency: Int64.random(in: Self.ms...45 * Self.ms, using: &generator),
                wasFull: true,
                now: now
            )
            #expect(limit.limit == 50)
        }
    }

    @Test func `Time-outs halve it when they are many`() {
        var limit = ConcurrencyLimit(maximum: 40)
        var now: Int64 = 0
        run(&limit, &now, trips: 5) { _ in 20 * Self.ms }
        now += 30 * Self.ms
        for _ in 0..<7 { limit.timedOut(now: now) }
        #expect(limit.limit == 40)
        for expected in [20, 10, 5, 2, 1, 1] {
            now += 30 * Self.ms
            limit.timedOut(now: now)
            #expect(limit.limit == expected)
        }
    }

    @Test func `A 429 halves it, once a round trip, never below one`() {
        var limit = ConcurrencyLimit(maximum: 64)
        var now: Int64 = 0
        run(&limit, &now, trips: 5) { _ in 100 * Self.ms }
        now += Self.ms * 200
        for _ in 0..<64 { limit.overloaded(now: now) }
        #expect(limit.limit == 32)
        for expected in [16, 8, 4, 2, 1, 1] {
            now += 200 * Self.ms
            limit.overloaded(now: now)
            #expect(limit.limit == expected)
        }
    }

    @Test func `It comes back, doubling at first and one by one above half`() {
        var limit = ConcurrencyLimit(maximum: 64)
        var now: Int64 = 0
        run(&limit, &now, trips: 3) { _ in 20 * Self.ms }
        limit.restart()
        #expect(limit.limit == 1)
        run(&limit, &now, trips: 8) { _ in 20 * Self.ms }
        #expect(limit.limit >= 32)
        run(&limit, &now, trips: 40) { _ in 20 * Self.ms }
        #expect(limit.limit == 64)
    }

    @Test func `One that gets slower the more it is asked is asked less, but not less than a quarter for that alone`() {
        var limit = ConcurrencyLimit(maximum: 40)
        var now: Int64 = 0
        run(&limit, &now, trips: 20) { _ in 60 * Self.ms }
        var lowest = limit.limit
        for round in 0..<60 {
            run(&limit, &now, trips: 1) { _ in Int64(60 + 40 * round) * Self.ms }
            lowest = min(lowest, limit.limit)
        }
        #expect(lowest < 40)
        #expect(lowest >= 10)
    }
}
