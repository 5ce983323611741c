/// When a delivery would be tried again, if each attempt failed for the moment: the worker's settings with the
/// postback's own in place of them. Times in milliseconds.
package struct RetryPlan: Sendable, Encodable, Equatable {
    package var attempts: Int
    package var firstDelay: Int64
    package var factor: Double
    package var maxDelay: Int64
    package var jitter: Double
    package var maxAge: Int64
    /// Of the second and later attempts, counted from the first, without jitter.
    package var offsets: [Int64]
    /// How it ends when the last one fails too: `exhausted` or `expired`.
    package var end: String

    private enum CodingKeys: String, CodingKey {
        case attempts, factor, jitter, offsets, end
        case firstDelay = "first_delay"
        case maxDelay = "max_delay"
        case maxAge = "max_age"
    }

    package init(
        attempts: Int,
        firstDelay: Int64,
        factor: Double,
        maxDelay: Int64,
        jitter: Double,
        maxAge: Int64,
        offsets: [Int64],
        end: String
    ) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.factor = factor
        self.maxDelay = maxDelay
        self.jitter = jitter
        self.maxAge = maxAge
        self.offsets = offsets
        self.end = end
    }
}
