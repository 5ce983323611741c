/// What the gate keeps to. All counts are of one lane.
package struct DispatchPolicy: Sendable, Equatable {
    /// Requests under way in all.
    package var concurrency: Int
    /// Requests under way to one destination, at most.
    package var perDestination: Int
    /// Requests a second to one destination; 0: as many as it takes.
    package var rate: Double
    /// Messages that the lane may hold (`broker.prefetch`).
    package var window: Int
    /// Requests under way to all destinations together that have not answered yet, or not lately.
    package var suspects: Int
    package var breaker: BreakerPolicy

    package init(
        concurrency: Int,
        perDestination: Int,
        rate: Double = 0,
        window: Int = 1000,
        suspects: Int? = nil,
        breaker: BreakerPolicy = BreakerPolicy()
    ) {
        self.concurrency = concurrency
        self.perDestination = perDestination
        self.rate = rate
        self.window = window
        self.suspects = suspects ?? max(1, concurrency / 2)
        self.breaker = breaker
    }

    /// Deliveries that may wait here for one destination when the window is needed by others.
    package var allowance: Int { max(1, window / 16, min(perDestination, window / 4)) }

    /// The same for all destinations together that have not proved themselves.
    package var suspectAllowance: Int { max(1, window / 4) }

    /// From so many messages on the window is nearly used up.
    package var pressure: Int { max(1, window - window / 8) }

    /// How long the messages of one destination may stay when nothing else seems to want the window, in nanoseconds:
    /// behind it, unseen, others may stand.
    package static let patience: Int64 = 5_000_000_000
    /// How long they may stay in any case: the ladder takes a second at least.
    package static let leastPatience: Int64 = 1_000_000_000
    /// So many times longer than the others' is too long.
    package static let patienceRatio = 4.0
    /// A `Retry-After` counts up to here: 24 h.
    package static let retryAfterLimit: Int64 = 86_400_000_000_000
}
