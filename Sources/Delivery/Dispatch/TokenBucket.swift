/// Keeps to a rate: so many a second, and a tenth of a second's worth at once. Pure; times are monotonic nanoseconds.
package struct TokenBucket: Sendable, BitwiseCopyable {
    private let rate: Double
    private let size: Double
    private var tokens: Double
    private var filledAt: Int64

    /// - Parameter rate: per second, above 0.
    package init(rate: Double, now: Int64) {
        self.rate = rate
        size = max(1, rate / 10)
        tokens = size
        filledAt = now
    }

    /// Whether one may go now.
    package mutating func hasToken(now: Int64) -> Bool {
        tokens = min(size, tokens + Double(max(0, now - filledAt)) / 1e9 * rate)
        filledAt = max(filledAt, now)
        // What is missing by rounding would cost a wake-up of no use.
        return tokens >= 1 - 1e-6
    }

    /// Whether one may go; then it does.
    package mutating func take(now: Int64) -> Bool {
        if !hasToken(now: now) { return false }
        take()
        return true
    }

    /// One goes.
    package mutating func take() { tokens -= 1 }

    /// When the next may go.
    package func readyAt(now: Int64) -> Int64 {
        tokens >= 1 ? now : max(now, filledAt) + Int64(((1 - tokens) / rate * 1e9).rounded(.up))
    }
}
