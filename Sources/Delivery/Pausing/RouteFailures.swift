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
package struct RouteFailures: Sendable {
    private struct Streak: Sendable {
        var count: Int
        var since: Int64
        var isAnnounced = false
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
    private var streaks: [[UInt8]: Streak] = [:]
    private var paused: Set<[UInt8]> = []
    /// Routes that the workers know to be failing, and since when.
    private var failing: [[UInt8]: Int64] = [:]
    /// More are not watched: a day on which this many routes fail has other troubles.
    private static let limit = 100_000

    package init(_ policy: PausePolicy) {
        self.policy = policy
    }

    /// Whether every route is well, as far as is known: then nothing need be asked.
    package var isQuiet: Bool { streaks.isEmpty && failing.isEmpty }
    package var hasPauses: Bool { !paused.isEmpty }

    package func isPaused(_ route: [UInt8]) -> Bool { paused.contains(route) }

    /// What all workers know changed.
    package mutating func update(paused: Set<[UInt8]>, failing: [[UInt8]: Int64]) {
        // Paused and resumed: counted anew.
        for route in self.paused.subtracting(paused) { streaks[route] = nil }
        for route in self.failing.keys where failing[route] == nil {
            // Another worker delivered to it.
            if streaks[route]?.isAnnounced == true { streaks[route] = nil }
        }
        self.paused = paused
        self.failing = failing
    }

    /// An attempt failed, whoever decided that it will be repeated or not.
    /// - Returns: what is to be told to all workers.
    package mutating func failed(_ route: [UInt8], _ attempt: Attempt, now: Int64) -> PauseRecord? {
        if streaks[route] == nil {
            if streaks.count >= Self.limit { return nil }
            streaks[route] = Streak(count: 0, since: attempt.startedAt)
        }
        guard var streak = streaks[route], !paused.contains(route) else { return nil }
        streak.count += 1
        defer { streaks[route] = streak }
        let since = min(streak.since, failing[route] ?? .max)
        // What the workers know to be failing has had its row before a restart.
        guard streak.count >= policy.failures || failing[route] != nil else { return nil }
        let isOver = now - since >= policy.after
        if !isOver, streak.isAnnounced || failing[route].map({ $0 <= streak.since }) == true { return nil }
        streak.isAnnounced = true
        if isOver { paused.insert(route) }
        var record = PauseRecord(isOver ? .paused : .failing, route: String(decoding: route, as: UTF8.self), at: now)
        record.since = since
        record.failures = streak.count
        record.lastStatus = attempt.status
        record.lastError = attempt.error
        if isOver { record.reason = "nothing but failures" }
        return record
    }

    /// The route was delivered to.
    /// - Returns: what is to be told to all workers.
    package mutating func succeeded(_ route: [UInt8], now: Int64) -> PauseRecord? {
        let streak = streaks.removeValue(forKey: route)
        guard failing.removeValue(forKey: route) != nil || streak?.isAnnounced == true else { return nil }
        return PauseRecord(.recovered, route: String(decoding: route, as: UTF8.self), at: now)
    }
}
