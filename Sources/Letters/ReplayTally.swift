/// What has become of a replay so far. Pure.
package struct ReplayTally: Sendable, Equatable {
    /// Looked at, of the frozen set.
    package var looked = 0
    package var matched = 0
    /// Confirmed in the work queue.
    package var replayed = 0
    /// Replayed by an interrupted replay before; now taken out of the dead letters.
    package var already = 0
    /// The broker's answer was lost: replayed or not, they are still among the dead letters.
    package var unknown = 0
    /// The broker did not take them; they are still among the dead letters.
    package var refused = 0
    /// Not sent to their original template, by why not; they are still among the dead letters.
    package var left: [ReplayTarget.Obstacle: Int] = [:]

    // From the delivery log; these count deliveries, of which a letter without a route may have several.
    /// Records of this replay, each once.
    package private(set) var records = 0
    package private(set) var delivered = 0
    package private(set) var failedAgain: [String: Int] = [:]
    package private(set) var notSent: [String: Int] = [:]
    /// Attempts that will be followed by another.
    package private(set) var retries = 0

    /// Deliveries whose end is to come; two letters of one event and route are two.
    private var awaited: [ReplayedKey: Int] = [:]
    private var awaitedCount = 0
    /// Events of letters without a route.
    private var events: [ReplayedKey: Event] = [:]
    private var recent = RecentRecords()

    /// What became of a letter that is resolved to any number of postbacks.
    private struct Event: Equatable {
        /// Of its deliveries, those that ended.
        var ended: Set<ReplayedKey> = []
        var retried: Set<ReplayedKey> = []
        /// Monotonic nanoseconds; nil before the first record.
        var lastRecordAt: Int64?

        /// Nobody says how many there will be: when all that were seen have ended and no other came for a while.
        func isOver(_ now: Int64) -> Bool {
            guard let lastRecordAt, retried.isSubset(of: ended) else { return false }
            return now - lastRecordAt >= ReplayTally.quiet
        }
    }

    /// Nanoseconds.
    package static let quiet: Int64 = 5_000_000_000

    package init() {}

    /// A letter goes; its end is awaited.
    package mutating func await(_ letter: Letter) {
        if letter.isResolvedAnew {
            events[letter.replayedKey] = events[letter.replayedKey] ?? Event()
        } else {
            awaited[letter.replayedKey, default: 0] += 1
            awaitedCount += 1
        }
    }

    /// A letter did not go, as far as the broker tells.
    package mutating func forget(_ letter: Letter) {
        if letter.isResolvedAnew {
            if events[letter.replayedKey]?.lastRecordAt == nil { events[letter.replayedKey] = nil }
        } else {
            take(letter.replayedKey)
        }
    }

    /// - Returns: false when nothing was awaited.
    @discardableResult
    private mutating func take(_ key: ReplayedKey) -> Bool {
        guard let count = awaited[key] else { return false }
        awaited[key] = count > 1 ? count - 1 : nil
        awaitedCount -= 1
        return true
    }

    /// - Parameter now: monotonic nanoseconds.
    /// - Returns: false for a record that says nothing new.
    package mutating func add(_ record: ReplayRecord, now: Int64) -> Bool {
        guard recent.insert(record.hash) else { return false }
        records += 1
        if record.end == .retry {
            if awaited[record.delivery] == nil {
                events[record.event]?.retried.insert(record.delivery)
                events[record.event]?.lastRecordAt = now
            }
            retries += 1
            return true
        }
        if !take(record.delivery) {
            guard events[record.event]?.ended.insert(record.delivery).inserted == true else { return false }
            events[record.event]?.lastRecordAt = now
        }
        switch record.end {
        case .delivered: delivered += 1
        case .deadLetter: failedAgain[record.reason ?? "unknown", default: 0] += 1
        case .notSent: notSent[record.reason ?? "unknown", default: 0] += 1
        case .retry: break
        }
        return true
    }

    package var leftCount: Int { left.values.reduce(0, +) }
    package var failedCount: Int { failedAgain.values.reduce(0, +) }
    package var notSentCount: Int { notSent.values.reduce(0, +) }
    /// Events of letters without a route, whose deliveries cannot be counted beforehand.
    package var resolvedAnew: Int { events.count }

    /// Whether every event of a letter without a route was told of, and no more came for a while.
    /// - Parameter now: monotonic nanoseconds.
    package func isQuiet(now: Int64) -> Bool {
        events.values.allSatisfy { event in event.lastRecordAt.map { now - $0 >= Self.quiet } ?? false }
    }

    /// Replayed, and not at their end yet as far as the log tells.
    /// - Parameter now: monotonic nanoseconds.
    package func open(now: Int64) -> Int {
        awaitedCount + events.values.reduce(0) { $0 + ($1.isOver(now) ? 0 : 1) }
    }
}
