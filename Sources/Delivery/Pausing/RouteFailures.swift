/// When a route is paused by itself.
package struct PausePolicy: Sendable, Equatable {
    /// Milliseconds for which it must have failed, and how often in a row.
    package var after: Int64
    package var failures: Int

    package init(after: Int64 = 259_200_000, failures: Int = 10) {
        self.after = after
        self.failures = failures
    }
}

/// How often each route has failed in a row at this lane; with what all workers know (`PauseBook`) it decides when one is
/// failing, has recovered, or is to be paused. Pure; routes that are well cost nothing. Times in milliseconds since the
/// Unix epoch.
///
/// A lane sees only its share of a route's deliveries. So it never pauses on its own word: it tells that the route fails,
/// and only when the book has held that for `after`, in which any delivery of any worker would have struck it out, it
/// asks for the pause; which is one when it comes back from the stream.
package struct RouteFailures: Sendable {
    private struct Streak: Sendable {
        var count = 0
        var since: Int64
        /// When all workers were told last of its failing, and of the pause.
        var announcedAt: Int64?
        var askedAt: Int64?
    }

    /// A route that the workers know to be failing.
    package struct Failing: Sendable, Equatable {
        /// The first failure of the row.
        package var since: Int64
        /// When it was told.
        package var knownSince: Int64

        package init(since: Int64, knownSince: Int64) {
            self.since = since
            self.knownSince = knownSince
        }
    }

    /// What is known of the last attempt, for the record.
    package struct Attempt: Sendable {
        package var startedAt: Int64
        package var status: Int?
        package var error: String?

        package init(startedAt: Int64, status: Int?, error: String?) {
            self.startedAt = startedAt
            self.status = status
            self.error = error
        }
    }

    private let policy: PausePolicy
    private var streaks: [[UInt8]: Streak] = [:] { didSet { isQuiet = streaks.isEmpty && failing.isEmpty } }
    private var paused: Set<[UInt8]> = [] { didSet { hasPauses = !paused.isEmpty } }
    private var failing: [[UInt8]: Failing] = [:] { didSet { isQuiet = streaks.isEmpty && failing.isEmpty } }
    /// When routes recovered or were resumed last.
    private var recovered: [[UInt8]: Int64] = [:]
    /// False until the workers' common knowledge was read: without it nothing is told.
    private var isInformed = false
    /// More are not watched: a day on which this many routes fail has other troubles.
    private static let limit = 100_000
    /// After so many milliseconds what the book has not taken up is told again: it may not have got there.
    private static let patience: Int64 = 60_000

    package init(_ policy: PausePolicy) {
        self.policy = policy
    }

    /// Whether every route is well, as far as is known: then nothing need be asked. Stored, as it is asked for every
    /// delivery, and a call from another module would copy all of this.
    package private(set) var isQuiet = true
    package private(set) var hasPauses = false

    package func isPaused(_ route: [UInt8]) -> Bool { paused.contains(route) }

    /// What all workers know changed, or is known for the first time.
    /// - Parameter recovered: when routes recovered or were resumed last.
    package mutating func update(
        paused: Set<[UInt8]>,
        failing: [[UInt8]: Failing],
        recovered: [[UInt8]: Int64] = [:]
    ) {
        isInformed = true
        // Paused and resumed: counted anew.
        for route in self.paused.subtracting(paused) { streaks[route] = nil }
        // Another worker delivered to it: what began before is no row of failures.
        for (route, streak) in streaks where recovered[route].map({ $0 >= streak.since }) == true {
            streaks[route] = nil
        }
        self.paused = paused
        self.failing = failing
        self.recovered = recovered
    }

    /// An attempt failed, whoever decided that it will be repeated or not.
    /// - Returns: what is to be told to all workers.
    package mutating func failed(_ route: [UInt8], _ attempt: Attempt, now: Int64) -> PauseRecord? {
        if streaks[route] == nil {
            if streaks.count >= Self.limit { return nil }
            // One that began before the recovery fails after it.
            streaks[route] = Streak(since: max(attempt.startedAt, recovered[route].map { $0 + 1 } ?? .min))
        }
        guard var streak = streaks[route], !paused.contains(route) else { return nil }
        streak.count += 1
        defer { streaks[route] = streak }
        let known = failing[route]
        // What the workers know to be failing has had its row before a restart.
        guard isInformed, streak.count >= policy.failures || known != nil else { return nil }
        let since = min(streak.since, known?.since ?? .max)
        let isDue = known.map { now - $0.knownSince >= policy.after } ?? false
        if isDue {
            if let askedAt = streak.askedAt, now - askedAt < Self.patience { return nil }
            streak.askedAt = now
        } else {
            // The book has it already, as early as it began here.
            if let known, known.since <= streak.since { return nil }
            if let announcedAt = streak.announcedAt, now - announcedAt < Self.patience { return nil }
            streak.announcedAt = now
        }
        var record = PauseRecord(isDue ? .paused : .failing, route: String(decoding: route, as: UTF8.self), at: now)
        record.since = since
        record.failures = streak.count
        record.lastStatus = attempt.status
        record.lastError = attempt.error
        if isDue { record.reason = "nothing but failures" }
        return record
    }

    /// The route was delivered to.
    /// - Returns: what is to be told to all workers.
    package mutating func succeeded(_ route: [UInt8], now: Int64) -> PauseRecord? {
        let streak = streaks.removeValue(forKey: route)
        guard failing.removeValue(forKey: route) != nil || streak?.announcedAt != nil else { return nil }
        return PauseRecord(.recovered, route: String(decoding: route, as: UTF8.self), at: now)
    }
}
