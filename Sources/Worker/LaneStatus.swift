import Synchronization

/// What other threads may know about a lane: written by its loop, read by scrapes and health checks.
final class LaneStatus: Sendable {
    let name: String
    let inFlight = Atomic<Int>(0)
    let waiting = Atomic<Int>(0)
    let breakersOpen = Atomic<Int>(0)
    /// At most a hundred, the worst first; renewed once a second.
    let destinations = Mutex<[DestinationReport]>([])
    let unsettled = Atomic<Int>(0)
    let handingOff = Atomic<Int>(0)
    let isConsuming = Atomic<Bool>(false)
    let isPublisherConnected = Atomic<Bool>(false)
    let isPublisherBlocked = Atomic<Bool>(false)

    init(name: String) {
        self.name = name
    }
}
