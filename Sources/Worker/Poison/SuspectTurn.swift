import Synchronization

/// Which lane of this process may have a message in hand that is suspected of killing it: one at a time, so that no
/// other's such message is counted as given back by the same crash. Any thread.
package final class SuspectTurn: Sendable {
    private let holder = Atomic<Int>(-1)

    package init() {}

    /// - Returns: true when it is this lane's turn now.
    package func take(_ lane: Int) -> Bool {
        let (taken, before) = holder.compareExchange(expected: -1, desired: lane, ordering: .acquiringAndReleasing)
        return taken || before == lane
    }

    /// Nothing happens when it is another lane's.
    package func release(_ lane: Int) {
        _ = holder.compareExchange(expected: lane, desired: -1, ordering: .acquiringAndReleasing)
    }
}
