import Delivery
internal import DequeModule
import RabbitMQ

/// RabbitMQ as the worker meets it: quorum queues with delivery limit and time to live, dead-lettering at least once,
/// acknowledgements by tag. What is in a queue survives a restart.
final class SimulatedBroker {
    static let conversions = "postback.conversions"
    static let deadLetters = "postback.dead-letters"

    static func retry(_ seconds: Int) -> String { "postback.retry.\(seconds)s" }

    /// The seconds of a rung of the ladder; nil for another queue.
    static func rung(of queue: String) -> Int? {
        queue.hasPrefix("postback.retry.") ? Int(queue.dropFirst(15).dropLast()) : nil
    }

    private unowned let world: World
    private(set) var queues: [String: BrokerQueue] = [:]
    /// In the order of `Topology.queues`, for whatever goes over all of them.
    private(set) var names: [String] = []
    private(set) var channels: [BrokerChannel] = []
    /// By number; the first is a place holder.
    private(set) var messages: [Message] = []
    /// Left a queue for another and have not arrived.
    private(set) var deadLettering = 0
    var isUp = true
    /// A memory alarm: nothing that publishes is read.
    private(set) var isBlocked = false
    private var held: [() -> Void] = []
    private var turn = 0

    init(_ world: World) {
        self.world = world
        messages.append(Message(number: 0, parent: 0, headers: [], body: []))
        for name in [Self.conversions, Self.deadLetters] { add(BrokerQueue(name: name)) }
        for seconds in DelayLadder.rungs {
            add(BrokerQueue(name: Self.retry(seconds), timeToLive: .seconds(Int64(seconds))))
        }
    }

    private func add(_ queue: BrokerQueue) {
        queues[queue.name] = queue
        names.append(queue.name)
    }

    func depth(_ name: String) -> Int { queues[name]?.ready.count ?? 0 }

    /// Nothing is left but dead letters.
    var isEmpty: Bool {
        deadLettering == 0 && held.isEmpty && channels.allSatisfy { $0.unacknowledged.isEmpty }
            && names.allSatisfy { $0 == Self.deadLetters || depth($0) == 0 }
    }

    // MARK: Publishing

    /// - Parameter time: when its wait began, in nanoseconds of the timeline; now unless told.
    func make(parent: Int, headers: [TableEntry], body: [UInt8], at time: Int64? = nil) -> Message {
        let (number, time) = (messages.count, time ?? world.timeline.now)
        let message = Message(number: number, parent: parent, headers: headers, body: body, at: time)
        messages.append(message)
        return message
    }

    /// One with the serial of its upstream message and text headers.
    func make(
        parent: Int = 0,
        serial: Int,
        _ text: [(name: String, value: String)],
        body: [UInt8],
        at time: Int64? = nil
    ) -> Message {
        let serialEntry = TableEntry(Message.serialHeader, .integer(Int64(serial)))
        let headers = [serialEntry] + text.map { TableEntry($0.name, .text($0.value)) }
        return make(parent: parent, headers: headers, body: body, at: time)
    }

    func exists(_ queue: String) -> Bool { queues[queue]?.isDeclared ?? false }

    /// The message is in the queue from now on; it must exist.
    func enqueue(_ message: Message, to name: String, isNew: Bool = true) {
        guard let queue = queues[name], queue.isDeclared else { return }
        message.enqueuedAt = world.timeline.now
        message.isAlive = true
        queue.ready.append(message)
        world.trace.note(
            "enqueued",
            message.number,
            message.serial,
            detail: "\(name) \(message.route ?? "")"
        )
        if isNew { world.oracle.enqueued(message, in: name) }
        if name == Self.deadLetters { message.isAlive = false }
        if queue.timeToLive != nil { scheduleExpiry(of: queue) }
        if name == Self.conversions { dispatch() }
    }

    /// Does it now, or when the alarm is over.
    func read(_ action: @escaping () -> Void) {
        if isBlocked { held.append(action) } else { action() }
    }

    func setAlarm(_ isOn: Bool) {
        isBlocked = isOn
        world.trace.note("alarm", isOn ? 1 : 0)
        let waiting = held
        if !isOn { held = [] }
        for lane in world.lanes { lane.publisher?.alarmChanged(isOn) }
        if !isOn { for action in waiting { read(action) } }
    }

    // MARK: Expiry and dead letters

    private func scheduleExpiry(of queue: BrokerQueue) {
        guard let timeToLive = queue.timeToLive, let first = queue.ready.first else { return }
        let late = world.dice.length(.microseconds(100) ... .milliseconds(30))
        world.timeline.at(first.enqueuedAt + timeToLive + late) { [self] in expire(queue) }
    }

    private func expire(_ queue: BrokerQueue) {
        guard let timeToLive = queue.timeToLive else { return }
        let now = world.timeline.now
        while let first = queue.ready.first, first.enqueuedAt + timeToLive <= now {
            queue.ready.removeFirst()
            deadLetter(first, from: queue.name, to: Self.conversions, because: "expired")
        }
        scheduleExpiry(of: queue)
    }

    /// As `at-least-once` does it: the message leaves its queue when the other has it.
    private func deadLetter(_ message: Message, from source: String, to target: String, because reason: String) {
        let death = TableEntry(
            "x-death",
            .table([
                TableEntry("queue", .text(source)), TableEntry("reason", .text(reason)),
                TableEntry("count", .integer(1)),
            ])
        )
        var headers = message.headers.filter { !$0.name.hasPrefix("x-first-death") && $0.name != "x-death" }
        headers.append(death)
        headers.append(TableEntry("x-first-death-queue", .text(source)))
        headers.append(TableEntry("x-first-death-reason", .text(reason)))
        message.isAlive = false
        move(message, headers, to: target)
        // What moves them is started anew now and then, and moves some twice.
        if world.circumstances.areFaultsOn, world.dice.chance(world.circumstances.doubling) {
            world.oracle.excuse(message, "dead-lettered twice by the broker")
            move(message, headers, to: target)
        }
    }

    private func move(_ message: Message, _ headers: [TableEntry], to target: String) {
        deadLettering += 1
        let copy = make(parent: message.parent, headers: headers, body: message.body, at: message.madeAt)
        copy.isAlive = true
        world.oracle.moved(message, as: copy)
        arrive(copy, in: target)
    }

    private func arrive(_ message: Message, in target: String) {
        world.timeline.after(world.dice.length(.microseconds(100) ... .milliseconds(20))) { [self] in
            guard isUp, exists(target) else {
                world.timeline.after(.seconds(1)) { [self] in arrive(message, in: target) }
                return
            }
            deadLettering -= 1
            enqueue(message, to: target, isNew: target == Self.deadLetters)
        }
    }

    // MARK: Consuming

    func open(_ channel: BrokerChannel) {
        channels.append(channel)
        dispatch()
    }

    /// Hands out what is ready, to the consumers in turn.
    func dispatch() {
        guard isUp, let queue = queues[Self.conversions] else { return }
        while !queue.ready.isEmpty, let channel = nextChannel() {
            let message = queue.ready.removeFirst()
            let tag = channel.hand(out: message, at: world.timeline.now)
            channel.send(.delivery(message, tag: tag, redelivered: message.returns > 0))
        }
    }

    private func nextChannel() -> BrokerChannel? {
        for offset in 0..<channels.count {
            let index = (turn + offset) % channels.count
            if channels[index].hasRoom {
                turn = index + 1
                return channels[index]
            }
        }
        return nil
    }

    func acknowledge(_ tag: UInt64, multiple: Bool, on channel: BrokerChannel) {
        guard channel.isOpen else { return }
        guard let settled = channel.take(tag, multiple: multiple) else {
            world.oracle.violated(
                "an acknowledgement of tag \(tag) (multiple: \(multiple)) names no message that is out: 406"
            )
            channelFailed(channel)
            return
        }
        for (message, since) in settled where !message.isLost {
            message.isAlive = false
            world.oracle.released(message, heldSince: since)
            world.trace.note("acknowledged", message.number, message.serial)
            world.oracle.acknowledged(message)
        }
        dispatch()
    }

    func giveBack(_ tag: UInt64, on channel: BrokerChannel) {
        guard channel.isOpen else { return }
        guard let returned = channel.take(tag, multiple: false) else {
            world.oracle.violated("a nack of tag \(tag) names no message that is out: 406")
            channelFailed(channel)
            return
        }
        for (message, since) in returned { world.oracle.released(message, heldSince: since) }
        requeue(returned.map(\.message))
        dispatch()
    }

    private func channelFailed(_ channel: BrokerChannel, _ why: String = "unknown delivery tag") {
        channel.send(.closed(AMQPError(.closed(code: 406), why)))
        close(channel)
    }

    /// What RabbitMQ does when a message was not acknowledged within its `consumer_timeout`.
    func timeOut(_ channel: BrokerChannel) { channelFailed(channel, "delivery acknowledgement timed out") }

    /// The connection is gone, as the broker sees it.
    func close(_ channel: BrokerChannel) {
        guard channel.isOpen else { return }
        channel.isOpen = false
        channels.removeAll { $0 === channel }
        let isClean = channel.isDrained && !channel.isDisturbed
        let returned = channel.takeAll().map { tag, message in
            if isClean { world.oracle.leftBehind(message, wasTaken: channel.taken.contains(tag)) }
            return message
        }
        for message in returned { world.oracle.excuse(message, "unacknowledged when its connection ended") }
        world.trace.note("channel ended", channel.lane, returned.count)
        requeue(returned)
        dispatch()
    }

    /// To the head of their queue; past the limit to the dead letters.
    private func requeue(_ returned: [Message]) {
        guard let queue = queues[Self.conversions] else { return }
        for message in returned.reversed() where !message.isLost {
            message.returns += 1
            if message.returns > world.circumstances.deliveryLimit {
                world.oracle.excuse(message, "given back too often")
                deadLetter(message, from: Self.conversions, to: Self.deadLetters, because: "delivery_limit")
            } else {
                queue.ready.prepend(message)
            }
        }
    }

    // MARK: What operators and failures do

    func delete(_ name: String) {
        guard let queue = queues[name], queue.isDeclared else { return }
        queue.isDeclared = false
        world.trace.note("queue deleted", queue.ready.count, detail: name)
        for message in queue.ready where name != Self.deadLetters { lose(message) }
        queue.ready = []
        guard name == Self.conversions else { return }
        for channel in channels {
            for entry in channel.unacknowledged { lose(entry.message) }
            channel.lostQueue()
        }
    }

    private func lose(_ message: Message) {
        message.isAlive = false
        message.isLost = true
        world.oracle.exempt(message.serial)
    }

    /// What every worker does before it consumes, and an operator with `postback topology declare`.
    func declareAll() {
        for name in names {
            guard let queue = queues[name], !queue.isDeclared else { continue }
            queue.isDeclared = true
            world.trace.note("queue declared", detail: name)
        }
    }
}
