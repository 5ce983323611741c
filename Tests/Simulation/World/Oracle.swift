/// Watches everything, and says what was promised and not kept.
///
/// A *delivery* is an upstream message on its way to one route. Each must end: as a success that the worker was told
/// of, or as a dead letter. Once; once more only for each *excuse*: an occasion on which the world made two of one,
/// such as a message that was unacknowledged when its connection ended.
final class Oracle {
    struct Key: Hashable {
        let serial: Int
        let route: String
    }

    /// What is known of one delivery.
    struct Delivery {
        var sends = 0
        /// Successes at the host, and those of them that a lane was told of.
        var accepted = 0
        var told = 0
        var deadLetters = 0
        var excuses = 0
        /// The highest attempt that failed as a lane was told, and the highest that did so beyond doubt: where nobody
        /// at all answers, a worker may blame its own network.
        var failedAttempt = 0
        var surelyFailedAttempt = 0
        var wasRejected = false
        var wasBlocked = false
        /// When the first request went out, in milliseconds of the true clock.
        var firstSentAt: Int64?
        /// The longest `Retry-After` that came, and the last one, in milliseconds.
        var longestAsked: Int64 = 0
        var lastAsked: Int64?
    }

    /// What is known of one upstream message.
    struct Event {
        var body: [UInt8]
        /// Routes that must get it, and those that may because the routes changed meanwhile.
        var must: [String]
        var may: Set<String>
        var isConfirmed = false
        /// Somebody deleted a queue with it.
        var isExempt = false
        /// Dead letters without a route: invalid, poison, or more deliveries than the limit allows.
        var deadLetters = 0
        /// Dead letters that it must end as when it is no event.
        var expected = 0
        /// Excuses that count for all its routes.
        var excuses = 0
        /// Messages on the broker that stem from it.
        var messages: [Message] = []
    }

    unowned let world: World
    var events: [Event] = [Event(body: [], must: [], may: [])]
    private var deliveries: [Key: Delivery] = [:]
    /// The messages that continue each message, by its number.
    private var successors: [Int: [Message]] = [:]
    /// By lane.
    var lanes: [Int: LaneWatch] = [:]
    private(set) var violations: [String] = []
    var attempts = 0
    private(set) var deadLettered = 0
    /// Ends more than one, all of them excused.
    private(set) var doubles = 0

    init(_ world: World) { self.world = world }

    func violated(_ what: String) {
        violations.append("\(Trace.seconds(world.timeline.now))  \(what)")
        world.trace.note("VIOLATED", violations.count, detail: what)
    }

    func delivery(_ serial: Int, _ route: String) -> Delivery {
        deliveries[Key(serial: serial, route: route)] ?? Delivery()
    }

    func update(_ serial: Int, _ route: String, _ change: (inout Delivery) -> Void) {
        change(&deliveries[Key(serial: serial, route: route), default: Delivery()])
    }

    // MARK: Upstream

    /// - Returns: its serial.
    func add(_ event: Event) -> Int {
        events.append(event)
        return events.count - 1
    }

    func confirmed(_ serial: Int) { events[serial].isConfirmed = true }
    func exempt(_ serial: Int) { events[serial].isExempt = true }

    // MARK: The broker

    /// The broker moves the message to another queue, as a copy that stands in its place.
    func moved(_ message: Message, as copy: Message) {
        events[message.serial].messages.append(copy)
        successors[copy.parent, default: []].append(copy)
    }

    func enqueued(_ message: Message, in queue: String) {
        let event = events[message.serial]
        if message.body != event.body { violated("message \(message.number) of \(message.serial) has another body") }
        events[message.serial].messages.append(message)
        successors[message.parent, default: []].append(message)
        guard queue == SimulatedBroker.deadLetters else { return }
        deadLettered += 1
        if let route = message.route {
            update(message.serial, route) { $0.deadLetters += 1 }
            if !event.may.contains(route), !event.must.contains(route) {
                violated("a dead letter of \(message.serial) for \(route), which it has no business with")
            }
        } else {
            events[message.serial].deadLetters += 1
        }
    }

    /// Another end of what this message is about would be no surprise.
    func excuse(_ message: Message, _ why: String) {
        world.trace.note("excused", message.number, message.serial, detail: why)
        if let route = message.route {
            update(message.serial, route) { $0.excuses += 1 }
        } else {
            events[message.serial].excuses += 1
        }
    }

    /// The broker has the acknowledgement, and forgets the message: what it is about must be over, or safe in another.
    func acknowledged(_ message: Message) {
        let event = events[message.serial]
        if event.isExempt { return }
        let following = successors[message.number] ?? []
        // A message that went on down the ladder as it came.
        if following.contains(where: { $0.route == message.route && $0.notBefore == message.notBefore }) { return }
        if message.route == nil, event.deadLetters > 0 { return }
        let owed = message.route.map { [$0] } ?? event.must
        for route in owed where !isSafe(route, of: message, following) {
            violated("message \(message.number) of \(message.serial) was acknowledged, and nothing is left of \(route)")
        }
    }

    private func isSafe(_ route: String, of message: Message, _ following: [Message]) -> Bool {
        let known = delivery(message.serial, route)
        return known.told > 0 || known.deadLetters > 0 || following.contains { $0.route == route }
            || events[message.serial].messages.contains {
                $0 !== message && $0.isAlive && ($0.route == route || $0.route == nil)
            }
    }

    /// The broker has the answer to a message, or has it back.
    /// - Parameter start: when it was handed out, in nanoseconds of the timeline.
    func released(_ message: Message, heldSince start: Int64) {
        let length = world.timeline.now - start
        if length > .seconds(1800) { violated("message \(message.number) was out for longer than `consumer_timeout`") }
        guard let healedAt = world.healedAt else { return }
        if world.timeline.now - max(start, healedAt + Self.convalescence) > Self.patience {
            violated("message \(message.number) was held for \(length / 1_000_000_000) s, and nothing is wrong")
        }
    }

    /// The longest that a fault has effects of its own: a cut that is noticed late, and a broker that comes back.
    static let convalescence: Int64 = .seconds(180)
    /// The longest that a lane needs for a full window of 120 messages with four routes at the lowest rate of one a second,
    /// the time-out of a request and a hand-off that is published again.
    static let patience: Int64 = .seconds(600)

    /// A lane has drained and closed its connection, which was well all the time, without acknowledging a message.
    func leftBehind(_ message: Message, wasTaken: Bool) {
        guard wasTaken, isKnownOver(message) else { return }
        violated("message \(message.number) of \(message.serial) is over, and a lane that drained left it behind")
    }

    /// Whether the lane that has it knows that nothing is owed of it. (Of doubled ones nobody can say which was meant.)
    private func isKnownOver(_ message: Message) -> Bool {
        let event = events[message.serial]
        let owed = message.route.map { [$0] } ?? event.must
        if event.isExempt || event.excuses > 0 || owed.contains(where: { delivery(message.serial, $0).excuses > 0 }) {
            return false
        }
        let following = successors[message.number] ?? []
        let isOnward = following.contains { $0.route == message.route && $0.notBefore == message.notBefore }
        if isOnward || event.expected > 0 { return following.contains(where: \.isKnown) }
        // Which of two versions the lane had is not known here.
        if message.route == nil, !event.may.isEmpty { return false }
        return owed.allSatisfy { route in
            let handedOn = following.filter { $0.route == route }
            // Where it was handed on, the success may be that of the other message.
            return handedOn.isEmpty ? delivery(message.serial, route).told > 0 : handedOn.contains(where: \.isKnown)
        }
    }

    // MARK: The end

    /// Everything is quiet.
    func judge() {
        for serial in events.indices.dropFirst() {
            let event = events[serial]
            for route in event.must + event.may.sorted() {
                let known = delivery(serial, route)
                let ends = known.told + known.deadLetters + event.deadLetters
                if ends == 0, event.isConfirmed, !event.isExempt, event.must.contains(route) {
                    violated("LOST: \(serial) for \(route), sent \(known.sends) times, accepted \(known.accepted)")
                }
                let excuses = known.excuses + event.excuses
                if ends > 1 { doubles += ends - 1 }
                if ends > 1 + excuses {
                    violated(
                        "DOUBLED: \(serial) for \(route): told \(known.told), dead letters \(known.deadLetters) + "
                            + "\(event.deadLetters), excuses \(excuses)"
                    )
                }
            }
            if event.must.isEmpty, event.may.isEmpty, !event.isExempt,
                event.deadLetters > event.excuses + event.expected
            {
                violated("\(serial) was to be sent to nobody, and is a dead letter")
            }
            if event.isConfirmed, !event.isExempt, event.expected > 0, event.deadLetters == 0 {
                violated("LOST: \(serial), which is no event, is no dead letter")
            }
        }
    }
}
