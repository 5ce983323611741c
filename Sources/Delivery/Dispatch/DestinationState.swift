/// What the gate knows about one destination. Times are monotonic nanoseconds.
struct DestinationState: Sendable {
    var inFlight = 0
    /// How many may be under way for the next to start without a closer look; 0 whenever one is needed.
    var openings = 0
    var waiting = FairQueue()
    /// In the round of those that may start one.
    var isInRound = false
    /// It is noted when the next may start.
    var isTimed = false
    var limit: ConcurrencyLimit
    var breaker = CircuitBreaker()
    var bucket: TokenBucket?
    /// It asked not to be called before.
    var closedUntil: Int64 = 0
    var hasAnswered = false
    var silencesInRow = 0
    var flow = Flow()
    /// Parked deliveries that have not had their turn yet, by estimate: it shrinks at the destination's own pace.
    var line = 0.0
    var lineAt: Int64 = 0
    var lastUsed: Int64 = 0

    init(_ policy: DispatchPolicy, now: Int64) {
        limit = ConcurrencyLimit(maximum: policy.perDestination)
        if policy.rate > 0 { bucket = TokenBucket(rate: policy.rate, now: now) }
        lastUsed = now
    }

    /// One that has never answered, or not for three attempts, shares a part of the concurrency with its like.
    var isSuspect: Bool { !hasAnswered || silencesInRow >= 3 }

    mutating func updateOpenings(now: Int64) {
        let isPlain = !isSuspect && bucket == nil && breaker.isClosed && closedUntil <= now
        openings = isPlain ? limit.limit : 0
    }

    /// The estimated line, with one more in it.
    /// - Parameters:
    ///   - drain: deliveries a second.
    ///   - start: from when on they are taken.
    /// - Returns: seconds from then until the turn of the last.
    mutating func joinLine(drain: Double, from start: Int64) -> Double {
        line = max(0, line - Double(max(0, start - lineAt)) / 1e9 * drain) + 1
        lineAt = max(lineAt, start)
        return line / drain
    }
}

/// How fast deliveries pass through something. Times are monotonic nanoseconds.
struct Flow: Sendable {
    /// The mean time that one takes, exponentially weighted.
    private(set) var latency = 0.0
    /// When the last ended, or when it got busy.
    private(set) var lastProgress: Int64 = 0

    mutating func becameBusy(now: Int64) { lastProgress = now }

    mutating func ended(latency: Int64, now: Int64) {
        self.latency += (Double(latency) - self.latency) * (self.latency == 0 ? 1 : 0.2)
        lastProgress = now
    }

    /// What one takes at present: while any is under way, at least as long as nothing has moved.
    func time(now: Int64, isBusy: Bool) -> Double { isBusy ? max(latency, Double(now - lastProgress)) : latency }
}
