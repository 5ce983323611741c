import Synchronization

/// Which lane of this process may have a message in hand that is suspected of killing it: one at a time, so that no
/// other's such message is counted as given back by the same crash. Any thread.
package final class SuspectTurn: Sendable {
    private let holder = Atomic<Int>(-1)
    /// The lane that has messages in hand which wait for it; it comes before those that wait for their first.
    private let asker = Atomic<Int>(-1)

    package init() {}

    /// - Parameter isNeeded: for messages that it has in hand.
    /// - Returns: true when it is this lane's turn now.
    package func take(_ lane: Int, isNeeded: Bool = false) -> Bool {
        if !isNeeded, isAskedFor(besides: lane) { return holder.load(ordering: .acquiring) == lane }
        let (taken, before) = holder.compareExchange(expected: -1, desired: lane, ordering: .acquiringAndReleasing)
        if taken || before == lane {
            _ = asker.compareExchange(expected: lane, desired: -1, ordering: .acquiringAndReleasing)
            return true
        }
        if isNeeded { _ = asker.compareExchange(expected: -1, desired: lane, ordering: .acquiringAndReleasing) }
        return false
    }

    /// Whether a lane other than this has messages in hand which wait for the turn.
    package func isAskedFor(besides lane: Int) -> Bool {
        let asker = asker.load(ordering: .acquiring)
        return asker != -1 && asker != lane
    }

    /// It neither has the turn nor asks for it any more. Nothing happens when it is another lane's.
    package func release(_ lane: Int) {
        _ = asker.compareExchange(expected: lane, desired: -1, ordering: .acquiringAndReleasing)
        _ = holder.compareExchange(expected: lane, desired: -1, ordering: .acquiringAndReleasing)
    }
}
