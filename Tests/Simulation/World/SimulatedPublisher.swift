import Delivery
internal import DequeModule
import RabbitMQ
import Worker

/// The lane's publisher: its connection, its queue and its confirms, with the ledger of the real one.
final class SimulatedPublisher: HandOffPublisher {
    private unowned let world: World
    private let lane: SimulatedLane
    private var waiting: Deque<(token: UInt64, message: Message, queue: String)> = []
    /// By token: what was handed off and is not known to be in its queue.
    private var handedOff: [UInt64: (message: Message, queue: String)] = [:]
    private(set) var link: PublisherLink?
    private var isStopped = false
    private static let window = 1000

    init(_ lane: SimulatedLane, in world: World) {
        self.world = world
        self.lane = lane
        connect(after: world.dice.length(.milliseconds(1) ... .milliseconds(50)))
    }

    func publish(_ requests: [PublishRequest]) {
        for request in requests {
            let (message, queue) = make(request)
            // What was refused or returned is published again as it was decided then.
            if handedOff[request.token].map({ $0.queue == queue && $0.message.isSame(as: message) }) != true {
                world.oracle.handedOff(message, to: queue, by: lane)
            }
            handedOff[request.token] = (message, queue)
            waiting.append((request.token, message, queue))
        }
        if world.planted == .acknowledgementBeforeConfirm {
            tell(requests.map { PublishResult(token: $0.token, outcome: .confirmed) })
        }
        // The other thread wakes up.
        world.timeline.after(world.dice.length(.microseconds(5) ... .microseconds(500))) { [self] in pump() }
    }

    /// Also what happens to it when its process is killed: what was sent still arrives.
    func stop() {
        isStopped = true
        waiting = []
    }

    // MARK: The connection

    private func connect(after delay: Int64) {
        world.timeline.after(delay) { [self] in
            guard !isStopped else { return }
            guard world.broker.isUp, !lane.isCutOff else {
                connect(after: world.dice.length(.milliseconds(200) ... .seconds(10)))
                return
            }
            let link = PublisherLink(up: Wire(world.timeline, world.dice), down: Wire(world.timeline, world.dice))
            link.isBlocked = world.broker.isBlocked
            self.link = link
            lane.post(.publisher(link.isBlocked ? .blocked(reason: "memory") : .connected))
            pump()
        }
    }

    func alarmChanged(_ isOn: Bool) {
        guard let link else { return }
        link.down.send { [self] in
            guard self.link === link else { return }
            link.isBlocked = isOn
            lane.post(.publisher(isOn ? .blocked(reason: "memory") : .connected))
            pump()
        }
    }

    /// The connection is gone, as this end sees it.
    func connectionLost(_ broken: PublisherLink) {
        guard let link, link === broken else { return }
        link.isBroken = true
        link.cut(up: world.timeline.now, down: world.timeline.now)
        self.link = nil
        if isStopped { return }
        var results: [PublishResult] = []
        link.ledger.lost(reason: "the connection broke", into: &results)
        for message in link.doubtful { world.oracle.excuse(message, "in its queue, its confirm lost") }
        lane.post(.publisher(.disconnected(reason: "the connection broke")))
        tell(results)
        connect(after: world.dice.length(.milliseconds(160) ... .seconds(5)))
    }

    // MARK: Requests

    private func pump() {
        guard let link, !isStopped else { return }
        while !link.isBlocked, link.ledger.count < Self.window, let (token, message, queue) = waiting.popFirst() {
            send(token, message, to: queue, over: link)
        }
    }

    /// The message that a request publishes, with the headers of the one that it continues.
    private func make(_ request: PublishRequest) -> (Message, queue: String) {
        let parent = world.broker.messages[Message.number(of: request.properties)]
        let (queue, changes) =
            world.planted?.changed(request.routingKey, request.headers) ?? (request.routingKey, request.headers)
        var headers = parent.headers.filter { header in
            PropertyFilter.allows(Array(header.name.utf8)) && !changes.contains { $0.name == header.name }
        }
        for header in changes {
            if let value = header.value { headers.append(TableEntry(header.name, value)) }
        }
        return (world.broker.make(parent: parent.number, headers: headers, body: request.body), queue)
    }

    private func send(_ token: UInt64, _ message: Message, to queue: String, over link: PublisherLink) {
        let tag = link.publish(token, message, to: queue)
        world.trace.note(
            "published",
            lane.number,
            message.number,
            message.serial,
            detail: "\(queue) \(message.route ?? "")"
        )
        link.up.send { [world] in
            world.broker.read { [self] in arrived(message, tag: tag, queue: queue, over: link) }
        }
    }

    /// At the broker: it takes some time until a majority has the message on disk.
    private func arrived(_ message: Message, tag: UInt64, queue: String, over link: PublisherLink) {
        guard world.broker.isUp else { return }
        guard world.broker.exists(queue) else {
            link.down.send { [self] in returned(tag, over: link) }
            confirm(tag, positively: true, over: link)
            return
        }
        let faults = world.circumstances.areFaultsOn ? world.circumstances.refusals : 0
        let isRefused = world.dice.chance(faults)
        let isKeptAllTheSame = isRefused && world.dice.chance(0.3)
        world.timeline.after(world.dice.length(.microseconds(200) ... .milliseconds(60))) { [self] in
            guard world.broker.isUp else { return }
            guard world.broker.exists(queue) else {
                // Deleted with all that is in it, this one included.
                world.oracle.exempt(message.serial)
                confirm(tag, positively: true, over: link)
                return
            }
            if !isRefused || isKeptAllTheSame {
                world.broker.enqueue(message, to: queue)
                link.isEnqueued[Int(tag) - 1] = true
                if link.isBroken { world.oracle.excuse(message, "in its queue after its connection was given up") }
                if isKeptAllTheSame { world.oracle.excuse(message, "in its queue, but refused") }
            }
            confirm(tag, positively: !isRefused, over: link)
        }
    }

    private func confirm(_ tag: UInt64, positively: Bool, over link: PublisherLink) {
        let late = world.dice.chance(0.05) ? world.dice.length(.milliseconds(10) ... .seconds(5)) : 0
        world.timeline.after(late) { [self] in
            if positively, world.circumstances.batchesConfirms {
                link.settled.append(tag)
                if link.settled.count == 1 { batch(over: link) }
            } else {
                link.noteSent(tag)
                link.down.send { [self] in answered(tag, positively: positively, over: link) }
            }
        }
    }

    /// What is settled in the next moment is confirmed together, as RabbitMQ does: all up to the first that is not, and
    /// the others one by one.
    private func batch(over link: PublisherLink) {
        world.timeline.after(world.dice.length(.microseconds(20) ... .milliseconds(20))) { [self] in
            let (all, single) = link.takeSettled()
            if let all {
                link.down.send { [self] in answered(all, multiple: true, positively: true, over: link) }
            }
            for tag in single {
                link.down.send { [self] in answered(tag, positively: true, over: link) }
            }
        }
    }

    // MARK: Answers

    private func returned(_ tag: UInt64, over link: PublisherLink) {
        if link.isBroken || world.planted == .lostReturn { return }
        link.ledger.returned(tag: tag, reason: "NO_ROUTE")
    }

    private func answered(_ tag: UInt64, multiple: Bool = false, positively: Bool, over link: PublisherLink) {
        if link.isBroken || isStopped { return }
        for index in (multiple ? 0 : Int(tag) - 1)..<Int(tag) { link.isAnswered[index] = true }
        var results: [PublishResult] = []
        link.ledger.answered(tag: tag, multiple: multiple, positively: positively, into: &results)
        if world.planted != .acknowledgementBeforeConfirm { tell(results) }
        pump()
    }

    private func tell(_ results: [PublishResult]) {
        if results.isEmpty { return }
        for result in results {
            world.trace.note("outcome", lane.number, Int(result.token), detail: "\(result.outcome)")
            if result.outcome == .confirmed { handedOff.removeValue(forKey: result.token)?.message.isKnown = true }
        }
        lane.post(.published(results))
        if world.planted == .doubleSettlement {
            world.timeline.after(world.dice.length(.milliseconds(1) ... .milliseconds(100))) { [self] in
                lane.post(.published(results))
            }
        }
    }
}
