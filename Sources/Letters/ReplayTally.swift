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

    // From the delivery log.
    package var delivered = 0
    package var failedAgain: [String: Int] = [:]
    package var notSent: [String: Int] = [:]
    /// Attempts that will be followed by another.
    package var retries = 0

    package init() {}

    package mutating func add(_ record: ReplayRecord) {
        switch record.end {
        case .delivered: delivered += 1
        case .deadLetter: failedAgain[record.reason ?? "unknown", default: 0] += 1
        case .notSent: notSent[record.reason ?? "unknown", default: 0] += 1
        case .retry: retries += 1
        }
    }

    package var leftCount: Int { left.values.reduce(0, +) }
    package var failedCount: Int { failedAgain.values.reduce(0, +) }
    package var notSentCount: Int { notSent.values.reduce(0, +) }
    /// Replayed, and not at their end yet as far as the log tells.
    package var open: Int { max(0, replayed - delivered - failedCount - notSentCount) }
}
