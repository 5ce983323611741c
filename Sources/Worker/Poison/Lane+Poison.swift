import Conversion
import Delivery
import Glibc
import Logging
import RabbitMQ
import Telemetry

/// Messages that were given back too often to be met without care (`Suspicion`, `SuspectIntake`).
extension Lane {
    /// What the broker says about a message that was given back before.
    /// - Returns: true when it may start; false when it is held, or ended as poison.
    func admitSuspect(_ slot: Int, _ body: Span<UInt8>) -> Bool {
        let message = messages[slot]
        if Suspicion.isPoison(returns: message.returns),
            !pardoned.contains(StableHash.of(body))
        {
            message.event.keep(body)
            message.isAside = true
            intake.condemned()
            condemn(slot)
            return false
        }
        if intake.arrived(slot, returns: message.returns, now: now) { return true }
        message.event.keep(body)
        return false
    }

    /// It was with workers that died, the last times alone: nobody looks into it any more.
    private func condemn(_ slot: Int) {
        let message = messages[slot]
        message.wasCondemned = true
        message.wasDeadLettered = true
        let task = makeTask(message: slot)
        task.key = Array("poison/\(StableHash.of(message.body))".utf8)
        // Its letter may be on its way, or there, since before the connection broke.
        if adoptOrphan(task) { return }
        let headers = message.headers
        task.state = DeliveryState(attempts: headers.attempts, firstAttemptAt: headers.firstAttemptAt)
        task.history = AttemptHistory(carried: headers.history)
        task.lastStatus = headers.lastStatus.map { Int(clamping: $0) }
        task.lastError =
            "it came back to its queue \(message.returns) times, the last times from workers that had nothing else like it"
            + " in hand: they crashed on it, or lost the broker each time"
        logger.error("a message that crashes workers goes to the dead letters", metadata: [LogKey.reason: "poison"])
        deadLetter(task, .poison, url: nil)
    }

    /// The broker counts a lost connection as it counts a crash; but this process is still there, so that it was not
    /// what this lane had in hand. But what was condemned was so for what it did before.
    func pardonAll(held: [Int]) {
        var slots = Set(held)
        for task in tasks where task.phase != .free { slots.insert(task.message) }
        let bodies = slots.sorted().map { messages[$0] }
            .filter { Suspicion.isSuspect(returns: $0.returns) && !$0.wasCondemned }
            .map { StableHash.of($0.body) }
        if bodies.isEmpty { return }
        pardon(bodies)
        tellPardoned(bodies)
    }

    func pardon(_ bodies: [UInt64]) {
        if pardoned.count >= Self.mostPardoned { pardoned.removeAll() }
        pardoned.formUnion(bodies)
    }

    /// More than a broker lets a lane hold.
    private static let mostPardoned = 100_000

    /// Once a turn: asks for as many messages as it should be, and starts what was held.
    func stepIntake() {
        if intake.isOpen || consumer == nil || !drain.isRunning { return }
        if intake.givesUpTurn(isAskedFor: suspectTurn.isAskedFor(besides: number), now: now) {
            suspectTurn.release(number)
        }
        do throws(AMQPError) {
            switch intake.step(now: now) {
            case .keep: break
            case .consume(let prefetch): try consumer?.consume(prefetch: prefetch)
            case .awaitTurn:
                try consumer?.pause()
                if suspectTurn.take(number, isNeeded: intake.needsTurn) { intake.tookTurn() }
            }
        } catch {
            connectionLost(error)
            return
        }
        while let slot = intake.nextHeld() { openHeld(slot) }
    }

    /// A message that came before and had to wait.
    private func openHeld(_ slot: Int) {
        let body = messages[slot].body
        open(slot, body.span)
    }

    /// Once hand-offs are all that is left of a message, it cannot kill any more by being looked into, and
    /// the other queues may take their time.
    func setAside(_ slot: Int) {
        let message = messages[slot]
        guard Suspicion.isSuspect(returns: message.returns), !message.isAside, !ledger.isOrphan(slot),
            !message.tasks.isEmpty, message.tasks.allSatisfy({ tasks[$0].phase == .handingOff })
        else { return }
        message.isAside = true
        intake.setAside(returns: message.returns, now: now)
    }

    /// A message is settled.
    func intakeSettled(_ message: InboundMessage) {
        if message.isAside {
            intake.settledAside()
        } else if Suspicion.isSuspect(returns: message.returns) {
            intake.settled(returns: message.returns, now: now)
        }
    }

    /// Nothing more is consumed on this connection.
    /// - Returns: the messages that were held.
    func endIntake() -> [Int] {
        intake.ended()
        suspectTurn.release(number)
        return intake.takeHeld()
    }

    #if DEBUG
        /// Tests alone can make a message that kills its worker: the event with this id. Not in a release build.
        static let deadly = getenv("POSTBACK_TEST_DEADLY").map { String(cString: $0) }

        func dieOfDeadly(_ message: InboundMessage) {
            guard let deadly = Self.deadly, message.event.text(.id) == deadly else { return }
            fatalError("the deadly message of a test")
        }
    #endif
}

extension IncomingMessage {
    /// How often it was given back to its queue; 0 where the broker does not say so. The publisher's own header of that
    /// name means nothing, as the broker sets it on whatever it brings again.
    var returns: Int {
        if !redelivered { return 0 }
        var count: Int64 = 0
        forEachHeader { name, value in
            if name.elementsEqual("x-delivery-count".utf8), case .integer(let value) = value { count = value }
        }
        return Int(clamping: max(0, count))
    }
}
