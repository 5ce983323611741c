package import Synchronization

/// What other threads may know about a lane: written by its loop, read by scrapes and health checks.
package final class LaneStatus: Sendable {
    let name: String
    package let inFlight = Atomic<Int>(0)
    package let waiting = Atomic<Int>(0)
    let breakersOpen = Atomic<Int>(0)
    /// Nanoseconds; see `LongestTurn`.
    let longestTurn = Atomic<Int64>(0)
    /// At most a hundred, the worst first; renewed once a second.
    let destinations = Mutex<[DestinationReport]>([])
    package let unsettled = Atomic<Int>(0)
    package let handingOff = Atomic<Int>(0)
    package let isConsuming = Atomic<Bool>(false)
    let isPublisherConnected = Atomic<Bool>(false)
    let isPublisherBlocked = Atomic<Bool>(false)

    package init(name: String) {
        self.name = name
    }
}
