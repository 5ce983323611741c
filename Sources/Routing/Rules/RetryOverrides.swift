/// `retry` of a postback: what it sets in place of the worker's own `retry` settings, each nil where it sets nothing.
package struct RetryOverrides: Sendable, Hashable {
    /// Attempts in all, the first one included, 1 to 1000.
    package var attempts: Int?
    /// Milliseconds from the first failure to the second attempt, 100 ms to 7 d.
    package var firstDelay: Int64?
    /// By which each delay is longer than the one before, 1 to 10.
    package var factor: Double?
    /// Milliseconds; no delay is longer, 100 ms to 7 d.
    package var maxDelay: Int64?
    /// The part by which a delay is made shorter or longer at random, 0 to 1.
    package var jitter: Double?
    /// Milliseconds from the first attempt; later ones are not made, 1 s to 365 d.
    package var maxAge: Int64?

    /// Nothing set.
    package init() {}
}
