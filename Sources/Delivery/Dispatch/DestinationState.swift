/// What the gate knows about one destination but for what waits for it. Times are monotonic nanoseconds. Numbers alone,
/// so that a copy of it, which the compiler may make at any look, costs next to nothing.
struct DestinationState: Sendable, BitwiseCopyable {
    var inFlight = 0
    /// How many may be under way for the next to start without a closer look; 0 whenever one is needed.
    var openings = 0
    /// Where it stands for its next turn.
    var place = Place.none
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

    enum Place: Sendable {
        case none, round, blocked
    }

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

/// Windows of about a tenth of a second, over which rates are counted; the same for all, so that they can be compared.
struct RateClock: Sendable {
    fileprivate var window = 0
    /// Seconds that the window before this one took.
    fileprivate var lastLength = 0.1
    private var since: Int64 = 0

    mutating func turn(now: Int64) {
        if now - since < 100_000_000 { return }
        lastLength = Double(now - since) / 1e9
        window += 1
        since = now
    }
}

/// How many a second, exponentially weighted over windows.
struct Rate: Sendable {
    private var count = 0
    private var window = 0
    private var mean = 0.0

    mutating func count(_ clock: RateClock) {
        if window != clock.window { close(clock) }
        count += 1
    }

    /// Per second, as of the last whole window.
    mutating func value(_ clock: RateClock) -> Double {
        if window != clock.window { close(clock) }
        return mean
    }

    private mutating func close(_ clock: RateClock) {
        mean += (Double(count) / clock.lastLength - mean) * 0.5
        count = 0
        // Windows in which nothing came.
        var missed = clock.window - window - 1
        while missed > 0, mean > 0.01 {
            mean *= 0.5
            missed -= 1
        }
        window = clock.window
    }
}

/// How fast deliveries pass through something. Times are monotonic nanoseconds.
struct Flow: Sendable {
    /// The mean time that one takes, exponentially weighted.
    private(set) var latency = 0.0
    var rate = Rate()
    /// When the last ended, or when it got busy.
    private(set) var lastProgress: Int64 = 0

    mutating func becameBusy(now: Int64) { lastProgress = now }

    mutating func ended(latency: Int64, now: Int64, _ clock: RateClock) {
        rate.count(clock)
        self.latency += (Double(latency) - self.latency) * (self.latency == 0 ? 1 : 0.2)
        lastProgress = now
    }

    /// What one takes at present: while any is under way, at least as long as nothing has moved.
    func time(now: Int64, isBusy: Bool) -> Double { isBusy ? max(latency, Double(now - lastProgress)) : latency }
}
