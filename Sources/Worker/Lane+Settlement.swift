import Conversion
import Delivery
import Logging
import RabbitMQ
import Routing
import Telemetry

/// The end of each delivery. A message is acknowledged when its last delivery was closed here, and a delivery is closed
/// when its destination has it or the broker has confirmed it in another queue: nowhere else.
extension Lane {
    func delivered(_ task: DeliveryTask, isDuplicate: Bool) {
        metrics.delivery(isDuplicate ? .duplicate : .delivered)
        let message = messages[task.message]
        if let occurred = message.event.occurredAt {
            metrics.deliveryAge(seconds: max(0, Double(wallNow - occurred) / 1000))
        }
        if message.event.isTest { metrics.testDelivery() }
        if ledger.isOrphan(task.message) { orphans.remember(orphanKey(of: task), .delivered, now: now) }
        close(task)
    }

    /// To the ladder, for `task.state.notBefore`.
    /// - Parameter isOwnFault: no attempt was spent.
    func retry(_ task: DeliveryTask, isOwnFault: Bool) {
        if dropOrphan(task) { return }
        if isOwnFault, task.parked > 0 {
            park(task, Parking(.ownFault, turn: 5))
            return
        }
        let rung = DelayLadder.rung(remaining: (task.state.notBefore ?? wallNow) - wallNow) ?? DelayLadder.rungs[0]
        if isOwnFault { metrics.park(.ownFault) } else { metrics.delivery(.retried) }
        if isOwnFault {
            // The longer we are unwell, the longer: a backlog of days would go round every few seconds otherwise.
            task.parked += 1
            task.parkedSince = task.parkedSince ?? wallNow
        } else {
            task.parked = 0
            task.parkedSince = nil
        }
        messages[task.message].wasRetried = true
        handOff(task, handOffs.retry(task, of: messages[task.message], rung: rung))
    }

    /// - Parameter wasAttempted: whether the attempt that led here tells the delivery log.
    func deadLetter(_ task: DeliveryTask, _ reason: DeadLetterReason, url: String?, wasAttempted: Bool = false) {
        if dropOrphan(task) { return }
        if !wasAttempted { tellDeadLetter(task, reason) }
        metrics.delivery(reason == .rejected ? .rejected : .deadLettered)
        metrics.deadLetter(.init(reason))
        messages[task.message].wasDeadLettered = true
        logger.debug(
            "dead letter",
            metadata: [
                LogKey.reason: "\(reason.rawValue)", LogKey.route: "\(task.postback?.key ?? "")",
                LogKey.error: "\(task.lastError ?? "")",
            ]
        )
        handOff(task, handOffs.deadLetter(task, of: messages[task.message], reason, url: url, now: wallNow))
    }

    /// A delivery whose message the broker has taken back is tried again with it; handing it off too would double it.
    func dropOrphan(_ task: DeliveryTask) -> Bool {
        guard ledger.isOrphan(task.message) else { return false }
        orphans.forget(orphanKey(of: task))
        close(task)
        return true
    }

    /// Publishes to another queue; the delivery is over when the broker confirms.
    func handOff(_ task: DeliveryTask, _ request: PublishRequest) {
        if task.phase != .handingOff { handingOff += 1 }
        // Also what was never attempted is remembered when its connection breaks, by this key.
        if task.key.isEmpty { writeKey(of: task) }
        task.phase = .handingOff
        task.handOff = request
        messages[task.message].hasProgressed = true
        setAside(task.message)
        outbox.append(request)
    }

    func publishOutbox() {
        if outbox.isEmpty { return }
        publisher.publish(outbox)
        outbox.removeAll(keepingCapacity: true)
    }

    /// The broker's answer to a hand-off.
    func published(_ result: PublishResult) {
        let task = tasks[Int(result.token)]
        guard task.phase == .handingOff, let request = task.handOff else { return }
        if result.outcome == .confirmed {
            if ledger.isOrphan(task.message), !task.key.isEmpty {
                orphans.remember(orphanKey(of: task), .delivered, now: now)
            }
            close(task)
            return
        }
        if ledger.isOrphan(task.message) {
            orphans.forget(orphanKey(of: task))
            close(task)
            return
        }
        task.handOffTries += 1
        if case .unencodable(let reason) = result.outcome {
            logger.error(
                "the network's own properties are left out of a message that would not fit a frame otherwise",
                metadata: [LogKey.reason: "\(reason)", LogKey.queue: "\(request.routingKey)"]
            )
            task.handOff?.properties = []
            if request.properties.isEmpty { task.handOff?.headers.removeAll { Self.isDispensable($0.name) } }
        } else if task.handOffTries == 1 || task.handOffTries % 60 == 0 {
            logger.error(
                "a message could not be handed on and is held; it will be tried again",
                metadata: [LogKey.reason: "\(result.outcome.explanation)", LogKey.queue: "\(request.routingKey)"]
            )
        }
        let wait = min(Int64(task.handOffTries) * 250, 5000)
        postponed.append((now + wait * 1_000_000, task.slot))
    }

    /// What a message can do without rather than never be handed on.
    private static func isDispensable(_ header: String) -> Bool {
        [
            PostbackHeaders.Name.history, PostbackHeaders.Name.url, PostbackHeaders.Name.template,
            PostbackHeaders.Name.lastError,
        ].contains(header)
    }

    func republishPostponed() {
        if postponed.isEmpty { return }
        var kept: [(due: Int64, task: Int)] = []
        for entry in postponed {
            if entry.due > now {
                kept.append(entry)
            } else if tasks[entry.task].phase == .handingOff, let request = tasks[entry.task].handOff {
                if ledger.isOrphan(tasks[entry.task].message) {
                    orphans.forget(orphanKey(of: tasks[entry.task]))
                    close(tasks[entry.task])
                } else {
                    outbox.append(request)
                }
            }
        }
        postponed = kept
    }

    /// The delivery owes nothing any more.
    func close(_ task: DeliveryTask) {
        let slot = task.message
        let message = messages[slot]
        removeTask(task.slot, from: slot)
        rememberEnd(of: task, message)
        message.hasProgressed = true
        let wasInvalid = task.postback == nil && message.wasDeadLettered && !message.wasCondemned
        let hadPostback = task.postback != nil
        free(task)
        let isOrphan = ledger.isOrphan(slot)
        guard ledger.close(slot, now: now), !isOrphan else {
            if !isOrphan { setAside(slot) }
            return
        }
        intakeSettled(message)
        if wasInvalid, message.headers.route == nil {
            metrics.event(.invalid)
        } else if message.wasDeadLettered {
            metrics.event(.deadLettered)
        } else if message.wasRetried {
            metrics.event(.retried)
        } else if message.wasParked {
            metrics.event(.parked)
        } else {
            metrics.event(hadPostback ? .delivered : .parked)
        }
    }

    /// In case the connection breaks before the broker has read the acknowledgement. Only what has a key that no later
    /// message of the same delivery has: not what was handed on untouched.
    private func rememberEnd(of task: DeliveryTask, _ message: InboundMessage) {
        if ledger.isOrphan(task.message) || task.postback == nil || task.key.isEmpty { return }
        writeTry(of: task)
        if message.tasks.isEmpty {
            settlements.add(message.over, task.key, tryKey)
            message.over.removeAll()
        } else {
            message.over.add(task.key, tryKey)
        }
    }

    func free(_ task: DeliveryTask) {
        if task.phase == .handingOff { handingOff -= 1 }
        task.reset()
        freeTasks.append(task.slot)
    }

    func removeTask(_ task: Int, from message: Int) {
        let message = messages[message]
        if let index = message.tasks.firstIndex(of: task) { message.tasks.remove(at: index) }
    }

    func replace(task: Int, by other: Int, in message: Int) {
        removeTask(task, from: message)
        messages[message].tasks.append(other)
        messages[message].hasProgressed = true
    }

    /// The message goes back to the queue as it came.
    func giveBack(_ slot: Int) {
        for task in messages[slot].tasks { free(tasks[task]) }
        messages[slot].tasks.removeAll(keepingCapacity: true)
        if let tag = ledger.giveBack(slot) { consumer?.giveBack(tag) }
        metrics.event(.returned)
    }
}

extension PublishOutcome {
    /// In words, for logs.
    package var explanation: String {
        switch self {
        case .confirmed: "confirmed"
        case .returned(let reason): "no queue took it: \(reason); `postback topology declare` creates what is missing"
        case .refused: "the queue refused it: full, or in trouble"
        case .unknown(let reason): reason
        case .unencodable(let reason): reason
        }
    }
}
