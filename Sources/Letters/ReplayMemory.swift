/// What a replay remembers of letters that may come to it again, because the connection broke before their
/// acknowledgement arrived. Pure; letters are known by a hash.
package struct ReplayMemory: Sendable {
    package enum Known: Sendable, Equatable {
        /// Confirmed in the work queue: it only has to be acknowledged.
        case replayed
        /// The broker's answer was lost: it stays where it is.
        case unknown
    }

    /// More than can be acknowledged in vain: until the news of a closed channel is read, all of a page and of its window.
    private static let limit = 2 * PageWindow.most + 20_000
    private var replayed: Set<UInt64> = []
    private var ring: [UInt64] = []
    private var next = 0
    private var unknown: Set<UInt64> = []

    package init() {}

    package var unknownCount: Int { unknown.count }

    package mutating func noteReplayed(_ letter: UInt64) {
        guard replayed.insert(letter).inserted else { return }
        if ring.count < Self.limit {
            ring.append(letter)
        } else {
            replayed.remove(ring[next])
            ring[next] = letter
            next = (next + 1) % Self.limit
        }
    }

    package mutating func noteUnknown(_ letter: UInt64) { unknown.insert(letter) }

    /// - Parameter letter: one that the broker gives out again.
    package func find(_ letter: UInt64) -> Known? {
        if unknown.contains(letter) { return .unknown }
        return replayed.contains(letter) ? .replayed : nil
    }
}
