import Conversion
import Delivery

/// A message taken from the queue, kept until it is settled: its event, and all it takes to publish it again. Used
/// again for other messages, so that a delivery in the steady state allocates nothing. Its place is the slot that the
/// settlement ledger gave it.
final class InboundMessage {
    /// The event, with the body byte for byte at the head of its storage.
    var event = ConversionEvent()
    /// The encoded basic properties as they came.
    var properties: [UInt8] = []
    var headers = PostbackHeaders()
    var isRedelivered = false
    /// How often the broker had it back.
    var returns = 0
    /// Monotonic nanoseconds.
    var receivedAtTick: Int64 = 0
    /// Its deliveries that are not over, by slot; mostly one.
    var tasks: [Int] = []
    /// What its deliveries that are over while others are not are remembered by.
    var over = KeyPile()
    /// Whether any of its deliveries was started or is over already; then it cannot go back to the queue as it is.
    var hasProgressed = false
    var wasRetried = false
    var wasDeadLettered = false
    var wasParked = false
    /// As poison, without a look into it.
    var wasCondemned = false
    /// The intake does not wait for it: all that is left of it is to be published elsewhere.
    var isAside = false

    var body: [UInt8] { Array(event.storage.prefix(event.bodyCount)) }

    func reset() {
        tasks.removeAll(keepingCapacity: true)
        over.removeAll()
        returns = 0
        hasProgressed = false
        wasRetried = false
        wasDeadLettered = false
        wasParked = false
        wasCondemned = false
        isAside = false
    }
}
