internal import DequeModule

/// A quorum queue.
final class BrokerQueue {
    let name: String
    /// Nanoseconds; nil where messages stay.
    let timeToLive: Int64?
    var isDeclared = true
    var ready: Deque<Message> = []

    init(name: String, timeToLive: Int64? = nil) {
        self.name = name
        self.timeToLive = timeToLive
    }
}
