/// What a dead letter needs to be one. Pure; times in milliseconds.
struct DeadLetterGrounds {
    // What the letter says.
    var hasRoute = true
    var attempt = 0

    // What is known of its delivery.
    var attemptsAllowed = 12
    /// The highest attempt that was told to have failed.
    var failedAttempt = 0
    /// A lane was told of an answer that rejects it, or that its destination is none.
    var wasRejected = false
    var wasBlocked = false
    var lacksToken = false
    /// The body is none.
    var isNoEvent = false
    /// One version of the routes has no such route.
    var mayBeRemoved = false
    /// The lane was told that the route is paused.
    var wasPaused = false
    /// How often the message was given back, and whether there is anything that gives messages back.
    var returns = 0
    var canLoseMessages = true
    /// There was one process all the time: it knows that it crashed of nothing.
    var hasLivedOn = false

    // Its time.
    var now: Int64 = 0
    /// When the first attempt began, by a clock that may differ from the worker's by `clockError`.
    var firstAttempt: Int64?
    /// As the message before said, by the worker's own clock.
    var parkedSince: Int64?
    var maxAge: Int64 = 259_200_000
    /// The longest that the next attempt could have waited for.
    var longestWait: Int64 = 0

    /// Clocks jump by up to 3 s either way.
    static let clockError: Int64 = 6000
    /// As README promises it.
    static let poison = 18

    /// - Returns: why it should not be a dead letter with this reason; nil when it should.
    func fault(of reason: String?) -> String? {
        guard let reason else { return "without a reason" }
        let isRouteless = reason == "invalid_event" || reason == "poison"
        if !hasRoute, !isRouteless { return "as \(reason), without a route" }
        switch reason {
        case "invalid_event": return isNoEvent ? nil : "as invalid_event, and is an event"
        case "missing_token": return lacksToken ? nil : "as missing_token, and has all"
        case "rejected": return wasRejected ? nil : "as rejected, which nobody said"
        case "blocked_destination": return wasBlocked ? nil : "as blocked_destination, which nobody said"
        case "exhausted":
            return attempt == attemptsAllowed && failedAttempt >= attempt
                ? nil : "as exhausted after \(attempt) attempts of \(attemptsAllowed), \(failedAttempt) failed"
        case "expired": return isExpired ? nil : "as expired, before its time"
        case "route_removed": return mayBeRemoved ? nil : "as route_removed, and the route is there"
        case "paused": return wasPaused ? nil : "as paused, which nobody said"
        case "poison":
            if hasLivedOn { return "as poison, by a process that lived on" }
            return returns >= Self.poison && canLoseMessages ? nil : "as poison, given back \(returns) times"
        // No route of the simulation can have an invalid URL.
        default: return "as \(reason), which cannot be"
        }
    }

    private var isExpired: Bool {
        if let parkedSince, now - parkedSince > maxAge { return true }
        guard let firstAttempt, failedAttempt > 0 else { return false }
        return now + longestWait + Self.clockError - firstAttempt > maxAge
    }
}
