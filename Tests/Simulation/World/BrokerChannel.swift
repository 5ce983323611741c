import RabbitMQ

/// A consuming connection: the broker's end, the two directions, and what has arrived at the worker's end.
final class BrokerChannel {
    enum Frame {
        case delivery(Message, tag: UInt64, redelivered: Bool)
        /// The broker took the consumer away.
        case cancelled
        case closed(AMQPError)
    }

    /// The number of the lane that consumes.
    let lane: Int
    /// Of the consumer that there is now; what an earlier one on the channel was given does not count.
    private var prefetch: Int
    private var firstTag: UInt64 = 1
    let up: Wire
    private let down: Wire
    private(set) var unacknowledged: [(tag: UInt64, message: Message, since: Int64)] = []
    private var nextTag: UInt64 = 1
    var isOpen = true
    /// Nobody consumes on it.
    var isCancelled: Bool

    // The worker's end.
    var inbox: [Frame] = []
    var onArrival: () -> Void = {}
    /// The worker's end has noticed that the connection is gone.
    private(set) var isBroken = false
    /// It was closed by a lane that has drained.
    var isDrained = false
    /// It was cut or stalled at some time.
    private(set) var isDisturbed = false
    /// By tag: what the lane was given.
    var taken: Set<UInt64> = []

    init(lane: Int, prefetch: Int, up: Wire, down: Wire) {
        self.lane = lane
        self.prefetch = prefetch
        isCancelled = prefetch == 0
        self.up = up
        self.down = down
    }

    func send(_ frame: Frame) {
        down.send { [self] in
            inbox.append(frame)
            onArrival()
        }
    }

    /// - Parameters:
    ///   - up, down: from when on nothing arrives at the broker and at the worker.
    func cut(up upCut: Int64, down downCut: Int64) {
        isDisturbed = true
        up.cut(at: upCut)
        down.cut(at: downCut)
    }

    func stall(until time: Int64) {
        isDisturbed = true
        up.stall(until: time)
        down.stall(until: time)
    }

    func noticeBreak() {
        isBroken = true
        onArrival()
    }

    // MARK: The broker's books

    var hasRoom: Bool {
        isOpen && !isCancelled && unacknowledged.reduce(0) { $0 + ($1.tag >= firstTag ? 1 : 0) } < prefetch
    }

    /// Another consumer in place of the one before.
    func consume(prefetch: Int) {
        self.prefetch = prefetch
        firstTag = nextTag
        isCancelled = false
    }

    /// - Parameter time: nanoseconds of the timeline.
    func hand(out message: Message, at time: Int64 = 0) -> UInt64 {
        defer { nextTag += 1 }
        unacknowledged.append((nextTag, message, time))
        return nextTag
    }

    /// What an acknowledgement settles, and since when it was out; nil for one that RabbitMQ answers with 406, unknown delivery tag.
    func take(_ tag: UInt64, multiple: Bool) -> [(message: Message, since: Int64)]? {
        guard let index = unacknowledged.firstIndex(where: { $0.tag == tag }) else { return nil }
        let range = multiple ? 0...index : index...index
        let taken = unacknowledged[range].map { ($0.message, $0.since) }
        unacknowledged.removeSubrange(range)
        return taken
    }

    /// Its queue is gone.
    func lostQueue() {
        isCancelled = true
        send(.cancelled)
    }

    func takeAll() -> [(tag: UInt64, message: Message)] {
        defer { unacknowledged = [] }
        return unacknowledged.map { ($0.tag, $0.message) }
    }
}
