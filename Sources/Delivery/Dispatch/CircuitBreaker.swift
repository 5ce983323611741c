/// When a destination's breaker opens, and for how long. Times in nanoseconds.
package struct BreakerPolicy: Sendable, Equatable {
    /// So many failures in a row open it; 0: their number does not.
    package var failures: Int
    /// This share of failures within `window` opens it, 0 to 1; 0: the share does not.
    package var share: Double
    package var window: Int64
    /// How long it is open the first time; twice as long after each probe that fails.
    package var open: Int64
    package var maxOpen: Int64

    /// Fewer attempts in the window than this say nothing about a share.
    package static let leastAttempts = 20

    package init(
        failures: Int = 10,
        share: Double = 0.8,
        window: Int64 = 30_000_000_000,
        open: Int64 = 5_000_000_000,
        maxOpen: Int64 = 300_000_000_000
    ) {
        self.failures = failures
        self.share = share
        self.window = window
        self.open = open
        self.maxOpen = maxOpen
    }
}

/// The breaker of one destination. Pure; times are monotonic nanoseconds.
///
/// | phase | an attempt may start | goes over to |
/// | --- | --- | --- |
/// | closed | yes | open, after failures in a row or a high share of them |
/// | open | no | half-open, when the time is over and a delivery asks |
/// | half-open | no: one is the probe | closed when the probe is answered, open for twice as long when it fails |
package struct CircuitBreaker: Sendable, BitwiseCopyable {
    package enum Phase: Sendable, Equatable, BitwiseCopyable {
        case closed
        case open(until: Int64)
        /// The probe began at `since`.
        case halfOpen(since: Int64)
    }

    package enum Change: Sendable, Equatable {
        /// For so many nanoseconds. `again`: a probe failed.
        case opened(for: Int64, again: Bool)
        /// It was open for so many nanoseconds in all.
        case closed(after: Int64)
    }

    /// Half a window.
    private struct Counts: Sendable, BitwiseCopyable {
        var attempts = 0
        var failures = 0
    }

    package private(set) var phase = Phase.closed
    package private(set) var failuresInRow = 0
    private var current = Counts()
    private var previous = Counts()
    private var currentSince: Int64 = 0
    private var openings = 0
    private var openedAt: Int64 = 0

    package init() {}

    package var isClosed: Bool { phase == .closed }

    /// Whether an attempt may start now. In the half-open phase the first that asks becomes the probe.
    package mutating func permits(now: Int64) -> Bool {
        switch phase {
        case .closed: return true
        case .halfOpen: return false
        case .open(let until):
            if now < until { return false }
            phase = .halfOpen(since: now)
            return true
        }
    }

    /// The destination answered, with whatever shows that it is well.
    package mutating func succeeded(startedAt: Int64, now: Int64, _ policy: BreakerPolicy) -> Change? {
        failuresInRow = 0
        switch phase {
        case .closed:
            count(isFailure: false, now: now, policy)
            return nil
        case .halfOpen(let since) where startedAt >= since:
            phase = .closed
            openings = 0
            current = Counts()
            previous = Counts()
            return .closed(after: now - openedAt)
        case .halfOpen, .open:
            // From before it opened.
            return nil
        }
    }

    /// - Parameter random: 0 to 1, evenly; varies the time that it is open by a fifth.
    package mutating func failed(startedAt: Int64, now: Int64, _ policy: BreakerPolicy, random: Double) -> Change? {
        failuresInRow += 1
        switch phase {
        case .closed:
            count(isFailure: true, now: now, policy)
            guard isTripped(policy) else { return nil }
            openedAt = now
            return open(now: now, policy, random: random)
        case .halfOpen(let since) where startedAt >= since:
            return open(now: now, policy, random: random)
        case .halfOpen, .open:
            return nil
        }
    }

    /// An attempt ended that says nothing about the destination; if it was the probe, another may follow at once.
    package mutating func abandoned(startedAt: Int64, now: Int64) {
        if case .halfOpen(let since) = phase, startedAt >= since { phase = .open(until: now) }
    }

    private mutating func open(now: Int64, _ policy: BreakerPolicy, random: Double) -> Change {
        var time = Double(policy.open)
        for _ in 0..<openings where time < Double(policy.maxOpen) { time *= 2 }
        time = min(time, Double(policy.maxOpen)) * (0.8 + 0.4 * random)
        let length = max(1, Int64(time))
        phase = .open(until: now + length)
        openings += 1
        return .opened(for: length, again: openings > 1)
    }

    private mutating func count(isFailure: Bool, now: Int64, _ policy: BreakerPolicy) {
        let half = max(1, policy.window / 2)
        if now - currentSince >= half {
            previous = now - currentSince < 2 * half ? current : Counts()
            current = Counts()
            currentSince = now
        }
        current.attempts += 1
        if isFailure { current.failures += 1 }
    }

    private func isTripped(_ policy: BreakerPolicy) -> Bool {
        if policy.failures > 0, failuresInRow >= policy.failures { return true }
        let attempts = current.attempts + previous.attempts
        guard policy.share > 0, attempts >= BreakerPolicy.leastAttempts else { return false }
        return Double(current.failures + previous.failures) >= policy.share * Double(attempts)
    }
}
