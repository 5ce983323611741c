/// When a failed attempt is tried again. Times in milliseconds.
///
/// With the defaults (5 s, factor 3, at most 6 h, 12 attempts) the waits are 5 s, 15 s, 45 s, 2 min 15 s, 6 min 45 s,
/// 20 min, 61 min, 3 h, 6 h, 6 h, 6 h: about a day in all.
package struct RetryPolicy: Sendable, Equatable {
    /// Attempts in all, the first included.
    package var attempts: Int
    package var firstDelay: Int64
    package var factor: Double
    package var maxDelay: Int64
    /// The share by which a delay is varied both ways, 0 to 1.
    package var jitter: Double
    /// Counted from the first attempt.
    package var maxAge: Int64

    /// A destination's `Retry-After` counts up to here: 24 h.
    package static let retryAfterLimit: Int64 = 86_400_000

    package init(
        attempts: Int = 12,
        firstDelay: Int64 = 5000,
        factor: Double = 3,
        maxDelay: Int64 = 21_600_000,
        jitter: Double = 0.2,
        maxAge: Int64 = 259_200_000
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.factor = factor
        self.maxDelay = maxDelay
        self.jitter = jitter
        self.maxAge = maxAge
    }

    /// The wait after `attempt` failed attempts (1 and more).
    /// - Parameter random: 0 to 1, evenly; decides the jitter.
    package func delay(afterAttempt attempt: Int, random: Double) -> Int64 {
        var delay = Double(firstDelay)
        // Multiplied step by step and cut off early: a power would overflow long before the cap.
        for _ in 1..<max(1, attempt) where delay < Double(maxDelay) { delay *= factor }
        delay = min(delay, Double(maxDelay))
        delay *= 1 + jitter * (2 * random - 1)
        return max(0, Int64(delay.rounded()))
    }
}
