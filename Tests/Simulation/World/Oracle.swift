import Conversion
import Delivery
import Routing
import Worker

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
        /// Dead letters without a route: invalid, or more deliveries than the limit allows.
        var deadLetters = 0
        /// Dead letters that it must end as when it is no event.
        var expected = 0
        /// Excuses that count for all its routes.
        var excuses = 0
        /// Messages on the broker that stem from it.
        var messages: [Message] = []
    }

    private unowned let world: World
    private(set) var events: [Event] = [Event(body: [], must: [], may: [])]
    private var deliveries: [Key: Delivery] = [:]
    /// The messages that continue each message, by its number.
    private var successors: [Int: [Message]] = [:]
    /// By lane: requests that have not ended, and those that had not when the connection broke, with their message then.
    private var underWay: [Int: [Key]] = [:]
    private var orphans: [Int: [Key: (message: Int, since: Int64)]] = [:]
    private(set) var violations: [String] = []
    private(set) var attempts = 0
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

    private func update(_ serial: Int, _ route: String, _ change: (inout Delivery) -> Void) {
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

    // MARK: Requests

    func sent(_ request: Request, by lane: SimulatedLane, inFlight: Int, toHost: Int) {
        attempts += 1
        let options = world.circumstances.options
        if inFlight > options.dispatch.concurrency { violated("\(inFlight) requests under way at once") }
        if toHost > options.dispatch.perDestination { violated("\(toHost) requests under way to \(request.host)") }
        guard events.indices.contains(request.serial), request.serial > 0 else {
            return violated("a request for nothing: \(request)")
        }
        let event = events[request.serial]
        if !event.may.contains(request.route), !event.must.contains(request.route) {
            violated("a request of \(request.serial) for \(request.route), which it has no business with")
        }
        if request.attempt > world.routeBook.attempts(of: request.route, options.retry) {
            violated("attempt \(request.attempt) of \(request.serial) for \(request.route)")
        }
        if lane.pausedRoutes.contains(Array(request.route.utf8)) { violated("\(request.route) is paused, and sent") }
        checkTime(request, event, lane)
        checkOrphans(request, event, lane)
        update(request.serial, request.route) { $0.sends += 1 }
        underWay[lane.number, default: []].append(Key(serial: request.serial, route: request.route))
    }

    /// What was under way when the connection broke is taken up again, and what came well is known: neither is sent
    /// again by the lane that sent it. (Where there are several messages of it, only one can be known.)
    private func checkOrphans(_ request: Request, _ event: Event, _ lane: SimulatedLane) {
        let key = Key(serial: request.serial, route: request.route)
        guard let orphan = orphans[lane.number]?[key], world.timeline.now - orphan.since < .seconds(890),
            event.excuses + delivery(request.serial, request.route).excuses == 1, messages(of: key) == [orphan.message]
        else { return }
        violated("\(request.serial) for \(request.route) is sent again by the lane that has it under way or delivered")
    }

    /// A lane notices that its consuming connection is gone.
    func connectionLost(_ lane: Int) {
        for key in underWay[lane] ?? [] {
            guard let message = messages(of: key).first else { continue }
            orphans[lane, default: [:]][key] = (message, world.timeline.now)
        }
    }

    /// The messages that a delivery is in now; another replica may have handed it on meanwhile.
    private func messages(of key: Key) -> [Int] {
        events[key.serial].messages.filter { $0.isAlive && ($0.route == nil || $0.route == key.route) }.map(\.number)
    }

    /// - Parameter isSuccess: as far as the lane is told.
    func ended(_ request: Request, by lane: Int, isSuccess: Bool) {
        let key = Key(serial: request.serial, route: request.route)
        if let index = underWay[lane]?.firstIndex(of: key) { underWay[lane]?.remove(at: index) }
        if isSuccess {
            update(request.serial, request.route) { $0.told += 1 }
        } else {
            orphans[lane]?[key] = nil
        }
    }

    /// There must be a message that it is for, and its time must have come.
    private func checkTime(_ request: Request, _ event: Event, _ lane: SimulatedLane) {
        // What was doubled has several messages, some of them with others or over already.
        if event.isExempt || event.excuses + delivery(request.serial, request.route).excuses > 0 { return }
        let mine = event.messages.filter { $0.isAlive && ($0.route == nil || $0.route == request.route) }
        if mine.contains(where: { $0.notBefore.map { $0 <= lane.latestWall + DelayLadder.tolerance } ?? true }) {
            return
        }
        violated("attempt \(request.attempt) of \(request.serial) for \(request.route) is early, or for no message")
    }

    func received(_ request: Request, accepted: Bool) {
        if accepted { update(request.serial, request.route) { $0.accepted += 1 } }
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
