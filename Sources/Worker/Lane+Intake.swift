import Conversion
import Delivery
import HTTPTransport
import Logging
import RabbitMQ
import Routing
import Telemetry

/// From a message to its deliveries: validate, resolve, line up.
extension Lane {
    /// The library's pointers end here.
    func take(_ incoming: borrowing IncomingMessage) {
        let slot = receive(tag: incoming.deliveryTag, redelivered: incoming.redelivered)
        let message = messages[slot]
        message.properties.append(contentsOf: incoming.encodedProperties)
        message.headers = incoming.hasHeaders ? PostbackHeaders(incoming) : PostbackHeaders()
        message.returns = incoming.returns
        take(slot, message, incoming.body.bindMemory(to: UInt8.self).span)
    }

    /// A message that does not come from the library.
    /// - Parameter returns: how often it was given back, as far as the broker tells.
    package func take(
        tag: UInt64,
        redelivered: Bool,
        returns: Int = 0,
        properties: [UInt8],
        headers: PostbackHeaders,
        body: [UInt8]
    ) {
        let slot = receive(tag: tag, redelivered: redelivered)
        let message = messages[slot]
        message.properties.append(contentsOf: properties)
        message.headers = headers
        message.returns = returns
        take(slot, message, body.span)
    }

    private func receive(tag: UInt64, redelivered: Bool) -> Int {
        let slot = ledger.received(tag: tag)
        while messages.count <= slot { messages.append(InboundMessage()) }
        let message = messages[slot]
        message.reset()
        message.properties.removeAll(keepingCapacity: true)
        message.isRedelivered = redelivered
        message.receivedAtTick = now
        return slot
    }

    private func take(_ slot: Int, _ message: InboundMessage, _ body: Span<UInt8>) {
        if !drain.isRunning {
            giveBack(slot)
            return
        }
        if message.isRedelivered || !intake.isOpen, !admitSuspect(slot, body) { return }
        open(slot, body)
    }

    /// Looks into a message.
    func open(_ slot: Int, _ body: Span<UInt8>) {
        let message = messages[slot]
        do throws(EventFault) {
            try message.event.decode(body, cloudEvent: message.headers.cloudEvent)
            #if DEBUG
                dieOfDeadly(message)
            #endif
        } catch {
            let task = makeTask(message: slot)
            task.key = Array("invalid/\(StableHash.of(message.body))".utf8)
            if adoptOrphan(task) { return }
            task.lastError = error.description
            deadLetter(task, .invalidEvent, url: nil)
            return
        }
        if let due = message.headers.notBefore, let rung = DelayLadder.rung(remaining: due - wallNow) {
            let task = makeTask(message: slot)
            task.key = Array("onward/\(due)/\(message.event.text(.id) ?? "")/".utf8) + (message.headers.route ?? [])
            if adoptOrphan(task) { return }
            metrics.park(.notBefore)
            handOff(task, handOffs.onward(task, of: message, rung: rung))
            return
        }
        if let key = message.headers.route {
            takeRetry(slot, message, key)
        } else {
            resolve(slot, message)
        }
    }

    /// A message that names its postback: a delivery on its second or later try.
    private func takeRetry(_ slot: Int, _ message: InboundMessage, _ key: [UInt8]) {
        let task = makeTask(message: slot)
        let headers = message.headers
        task.state = DeliveryState(attempts: headers.attempts, firstAttemptAt: headers.firstAttemptAt)
        task.history = AttemptHistory(carried: headers.history)
        task.parked = headers.parked
        task.parkedSince = headers.parkedSince
        task.lastStatus = headers.lastStatus.map { Int(clamping: $0) }
        task.lastError = headers.lastError.map { String(decoding: $0, as: UTF8.self) }
        if let template = headers.originalTemplate {
            takeOriginal(task, template, key)
            return
        }
        guard let postback = routes.postback(forKey: key) else {
            let name = String(decoding: key, as: UTF8.self)
            task.lastError = "the routes have no enabled postback \(name) any more"
            deadLetter(task, .routeRemoved, url: nil)
            return
        }
        task.postback = postback
        enqueue(task)
    }

    private func resolve(_ slot: Int, _ message: InboundMessage) {
        routes.resolve(message.event, into: &resolution)
        if !resolution.skipped.isEmpty || resolution.suppressedBy != nil { countFiltered() }
        let count = resolution.postbacks.count
        if log != nil, !resolution.skipped.isEmpty { tellFiltered(message) }
        if count == 0 {
            notSent(slot, message)
            return
        }
        // All are opened before any starts: one that ends at once must not settle the message for the others.
        ledger.open(slot, extra: count - 1)
        if count == 1 {
            let task = makeTask(message: slot)
            task.postback = resolution.postbacks[0]
            enqueue(task)
            return
        }
        let made = resolution.postbacks.map { postback in
            let task = makeTask(message: slot)
            task.postback = postback
            return task
        }
        for task in made { enqueue(task) }
    }

    /// Each postback that a rule kept back, also when others are sent.
    private func countFiltered() {
        for (_, reason) in resolution.skipped { metrics.filter(.init(reason)) }
        if resolution.suppressedBy != nil { metrics.filter(.suppress) }
    }

    /// No postback: a normal end.
    private func notSent(_ slot: Int, _ message: InboundMessage) {
        if let reason = resolution.noRouteReason {
            tellNotRouted(message, reason)
            switch reason {
            case .suppressed: metrics.event(.suppressed)
            case .filtered: metrics.event(.filtered)
            default: metrics.event(.noRoute)
            }
            logger.debug(
                "not sent: \(reason)",
                metadata: [
                    LogKey.eventID: "\(message.event.text(.id) ?? "")",
                    LogKey.publisher: "\(message.event.text(.publisherID) ?? "")", LogKey.reason: "\(reason.code)",
                ]
            )
        }
        _ = ledger.close(slot, now: now)
        intakeSettled(message)
    }

    func enqueue(_ task: DeliveryTask) {
        if adoptOrphan(task) { return }
        guard let postback = task.postback else { return }
        if isPaused(task, postback) || isExpired(task, postback) || isDelayed(task, postback) { return }
        let destination: Int
        do throws(TransferFailure) {
            destination = try originNumber(of: postback)
        } catch {
            task.lastError = error.description
            deadLetter(task, .invalidURL, url: nil)
            return
        }
        task.destination = destination
        task.phase = .waiting
        admit(task)
    }

    /// Too old for this postback: counted from when the conversion happened, before every attempt.
    private func isExpired(_ task: DeliveryTask, _ postback: Postback) -> Bool {
        guard let limit = postback.maxAge, let occurred = messages[task.message].event.occurredAt,
            wallNow - occurred > limit
        else { return false }
        task.lastError = "the conversion is \((wallNow - occurred) / 1000) s old, and max_age is \(limit / 1000) s"
        deadLetter(task, .expired, url: nil)
        return true
    }

    /// A postback with a `delay` waits on the ladder before its first attempt, counted from its arrival here.
    private func isDelayed(_ task: DeliveryTask, _ postback: Postback) -> Bool {
        let message = messages[task.message]
        guard message.headers.route == nil, let delay = postback.delay,
            let rung = DelayLadder.rung(remaining: delay)
        else { return false }
        task.state.notBefore = wallNow + delay
        metrics.park(.delay)
        metrics.delivery(.parked)
        message.wasParked = true
        handOff(task, handOffs.retry(task, of: message, rung: rung))
        return true
    }

    /// The same delivery may be under way already, or over, since before the connection broke.
    func adoptOrphan(_ task: DeliveryTask) -> Bool {
        if orphans.isEmpty { return false }
        if task.key.isEmpty { writeKey(of: task) }
        guard messages[task.message].isRedelivered else {
            orphans.seeFresh(orphanKey(of: task))
            return false
        }
        switch orphans.take(orphanKey(of: task), now: now) {
        case .delivered:
            close(task)
            return true
        case .underWay(let slot) where slot != task.slot && isUnderWay(tasks[slot], task.key):
            let older = tasks[slot]
            let orphan = older.message
            let current = task.message
            replace(task: task.slot, by: slot, in: current)
            older.message = current
            free(task)
            removeTask(slot, from: orphan)
            _ = ledger.close(orphan, now: now)
            setAside(current)
            return true
        case .underWay, nil:
            return false
        }
    }

    /// What an orphan is remembered by: its idempotency key and the try that its message is. The message in which it was
    /// handed on has the same idempotency key, may come again as well, and is not the one that is over.
    func orphanKey(of task: DeliveryTask) -> [UInt8] {
        writeTry(of: task)
        return task.key + tryKey
    }

    /// Which of the messages of one delivery this is, into `tryKey`: none that it is handed on in has the same. Begins
    /// with a byte that no idempotency key has.
    func writeTry(of task: DeliveryTask) {
        let message = messages[task.message]
        tryKey.removeAll(keepingCapacity: true)
        tryKey.append(message.headers.route == nil ? 0 : 1)
        let (attempts, parked) = (message.headers.attempts, message.headers.parked)
        for shift in stride(from: 0, to: 32, by: 8) {
            tryKey.append(UInt8(truncatingIfNeeded: attempts >> shift))
            tryKey.append(UInt8(truncatingIfNeeded: parked >> shift))
        }
        if let replay = message.headers.replayedFrom { tryKey.append(contentsOf: replay) }
    }

    private func isUnderWay(_ task: DeliveryTask, _ key: [UInt8]) -> Bool {
        task.key == key && (task.phase == .inFlight || task.phase == .handingOff)
    }

    func makeTask(message: Int) -> DeliveryTask {
        let task: DeliveryTask
        if let slot = freeTasks.popLast() {
            task = tasks[slot]
        } else {
            task = DeliveryTask(slot: tasks.count)
            tasks.append(task)
        }
        task.message = message
        task.phase = .waiting
        messages[message].tasks.append(task.slot)
        return task
    }
}
