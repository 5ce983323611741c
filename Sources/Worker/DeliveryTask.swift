import Delivery
import RabbitMQ
import Routing

/// One delivery: an event on its way to one postback. Used again for others; its place is its slot.
final class DeliveryTask {
    enum Phase {
        case free
        /// For its turn at the gate.
        case waiting
        case inFlight
        /// Published to another queue, the broker's answer outstanding.
        case handingOff
    }

    let slot: Int
    var phase = Phase.free
    /// The ledger's slot of its message.
    var message = -1
    /// Nil for what is not a delivery yet: an invalid event, or a message on its way down the ladder.
    var postback: Postback?
    /// The lane's number of its destination.
    var destination = -1
    var state = DeliveryState()
    var history = AttemptHistory()
    /// Event id and route key, made safe for a header; filled when the attempt starts.
    var key: [UInt8] = []
    /// Where the route key begins in `key`.
    var keyRoute = 0
    /// Milliseconds since the Unix epoch, and monotonic nanoseconds.
    var startedAt: Int64 = 0
    var startedAtTick: Int64 = 0
    /// What the `random` token was in this attempt.
    var random: UInt64 = 0
    /// How often it was parked since its last attempt, and since when (milliseconds since the Unix epoch).
    var parked = 0
    var parkedSince: Int64?
    var lastStatus: Int?
    var lastError: String?
    /// What is being published, until the broker has confirmed it.
    var handOff: PublishRequest?
    var handOffTries = 0

    init(slot: Int) {
        self.slot = slot
    }

    func reset() {
        phase = .free
        message = -1
        postback = nil
        destination = -1
        state = DeliveryState()
        history = AttemptHistory()
        key.removeAll(keepingCapacity: true)
        parked = 0
        parkedSince = nil
        lastStatus = nil
        lastError = nil
        handOff = nil
        handOffTries = 0
    }
}
