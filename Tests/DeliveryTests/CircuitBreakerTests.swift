import Delivery
import TestSupport
import Testing

@Suite struct CircuitBreakerTests {
    private static let second: Int64 = 1_000_000_000
    private let policy = BreakerPolicy(
        failures: 3,
        share: 0.5,
        window: 10 * second,
        open: 5 * second,
        maxOpen: 30 * second
    )

    @Test func `It opens after so many failures in a row, probes once when its time is over, and closes on an answer`()
    {
        var breaker = CircuitBreaker()
        #expect(breaker.failed(startedAt: 0, now: 1, policy, random: 0.5) == nil)
        #expect(breaker.failed(startedAt: 0, now: 2, policy, random: 0.5) == nil)
        #expect(breaker.permits(now: 2) == true)
        #expect(
            breaker.failed(startedAt: 0, now: 3, policy, random: 0.5) == .opened(for: 5 * Self.second, again: false)
        )
        #expect(breaker.permits(now: 4) == false)
        #expect(breaker.permits(now: 2 + 5 * Self.second) == false)
        let probed = 3 + 5 * Self.second
        #expect(breaker.permits(now: probed) == true)
        #expect(breaker.permits(now: probed) == false, "one probe at a time")
        #expect(breaker.succeeded(startedAt: probed, now: probed + 7, policy) == .closed(after: probed + 4))
        #expect(breaker.isClosed)
        #expect(breaker.permits(now: probed + 8) == true)
    }

    @Test func `Each probe that fails doubles the time, up to the longest`() {
        var breaker = CircuitBreaker()
        var now: Int64 = 0
        for _ in 0..<3 { _ = breaker.failed(startedAt: 0, now: now, policy, random: 0.5) }
        var lengths: [Int64] = []
        for _ in 0..<5 {
            guard case .open(let until) = breaker.phase else { break }
            lengths.append((until - now) / Self.second)
            now = until
            #expect(breaker.permits(now: now) == true)
            _ = breaker.failed(startedAt: now, now: now, policy, random: 0.5)
        }
        #expect(lengths == [5, 10, 20, 30, 30])
    }

    @Test func `What began before it opened decides nothing afterwards`() {
        var breaker = CircuitBreaker()
        for _ in 0..<3 { _ = breaker.failed(startedAt: 0, now: 0, policy, random: 0) }
        #expect(breaker.succeeded(startedAt: 0, now: 1, policy) == nil)
        #expect(!breaker.isClosed)
        #expect(breaker.permits(now: 6 * Self.second) == true)
        #expect(breaker.failed(startedAt: 0, now: 6 * Self.second, policy, random: 0) == nil)
        #expect(breaker.phase == .halfOpen(since: 6 * Self.second))
        breaker.abandoned(startedAt: 6 * Self.second, now: 7 * Self.second)
        #expect(breaker.permits(now: 7 * Self.second) == true, "a probe that said nothing makes room for the next")
    }

    @Test func `A high share of failures opens it, from twenty attempts on, and forgets what is older than the window`()
    {
        var breaker = CircuitBreaker()
        var change: CircuitBreaker.Change?
        for index in 0..<19 {
            change =
                index % 2 == 0
                ? breaker.failed(startedAt: 0, now: 0, policy, random: 0.5)
                : breaker.succeeded(startedAt: 0, now: 0, policy)
            #expect(change == nil)
        }
        var copy = breaker
        #expect(copy.failed(startedAt: 0, now: 0, policy, random: 0.5) != nil)
        #expect(breaker.failed(startedAt: 0, now: 11 * Self.second, policy, random: 0.5) == nil)
        #expect(breaker.isClosed)
    }

    @Test func `Zero switches a reason off`() {
        let off = BreakerPolicy(failures: 0, share: 0)
        var breaker = CircuitBreaker()
        for now in 0..<1000 { #expect(breaker.failed(startedAt: 0, now: Int64(now), off, random: 0.5) == nil) }
    }

    @Test(arguments: 0..<20)
    func `Whatever happens, an open breaker lets a probe through within its longest time`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var breaker = CircuitBreaker()
        var now: Int64 = 0
        var probes = 0
        var underWay: [Int64] = []
        for _ in 0..<3000 {
            now += Int64.random(in: 0...Self.second, using: &generator)
            if breaker.permits(now: now) {
                underWay.append(now)
                if !breaker.isClosed { probes += 1 }
            }
            // Attempts take their time, and end in any order and way.
            if underWay.count > 5 || (!underWay.isEmpty && Bool.random(using: &generator)) {
                let startedAt = underWay.remove(at: Int.random(in: 0..<underWay.count, using: &generator))
                switch Int.random(in: 0..<10, using: &generator) {
                case 0: _ = breaker.succeeded(startedAt: startedAt, now: now, policy)
                case 1: breaker.abandoned(startedAt: startedAt, now: now)
                default: _ = breaker.failed(startedAt: startedAt, now: now, policy, random: 0.5)
                }
            }
            if case .open(let until) = breaker.phase, until > now + 36 * Self.second {
                Issue.record("open for too long")
            }
        }
        #expect(probes > 20)
        for startedAt in underWay { _ = breaker.failed(startedAt: startedAt, now: now, policy, random: 0.5) }
        var final = breaker
        let permits = final.permits(now: now + 37 * Self.second)
        #expect(permits)
    }
}
