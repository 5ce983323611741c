import Delivery
import EventLoop
import Logging
import RabbitMQ
import Synchronization
import Telemetry

/// The lane's side of the broker: connecting again for ever, and taking messages in.
extension Lane {
    func connectIfDue() {
        guard let due = reconnectAt, due <= now, drain.isRunning else { return }
        reconnectAt = nil
        do throws(SystemError) {
            try connector.start(urlIndex: urlIndex)
        } catch {
            connectionFailed(AMQPError(.connectionLost, "no thread to connect with: \(error)"))
        }
    }

    func adopt(_ consumer: any ConsumingConnection) {
        connector.finish()
        intake.connected(hasTurn: consumer.isConsuming, now: now)
        guard drain.isRunning else {
            _ = endIntake()
            consumer.close()
            return
        }
        do throws(SystemError) {
            try wait.watch(consumer)
        } catch {
            _ = endIntake()
            connectionFailed(AMQPError(.connectionLost, "the connection cannot be watched: \(error)"))
            return
        }
        self.consumer = consumer
        hasMoreInput = true
        backOff.succeeded()
        status.isConsuming.store(true, ordering: .relaxed)
        if hasConnectedOnce { metrics.brokerReconnect() }
        hasConnectedOnce = true
        logger.info(
            "consuming",
            metadata: [LogKey.queue: "\(options.topology.conversions)", LogKey.url: "\(consumer.place)"]
        )
    }

    func connectionFailed(_ error: AMQPError) {
        connector.finish()
        guard drain.isRunning else { return }
        urlIndex += 1
        let wait = backOff.next(random: random.fraction())
        reconnectAt = now + Int64(wait) * 1_000_000
        let metadata: Logger.Metadata = [LogKey.error: "\(error)", LogKey.nextAttemptIn: "\(Double(wait) / 1000)"]
        logger.warning("waiting for the broker", metadata: metadata)
    }

    /// The connection broke: the broker takes back every message, so what was not started is dropped here, and what is
    /// under way is remembered for when its message comes again, as is what is over and may not be acknowledged.
    func connectionLost(_ error: AMQPError) {
        guard let consumer else { return }
        wait.forget(consumer)
        self.consumer = nil
        hasMoreInput = false
        status.isConsuming.store(false, ordering: .relaxed)
        for key in settlements.take() { orphans.remember(key, .delivered, isSettled: true, now: now) }
        for message in messages where !message.over.isEmpty {
            for key in message.over.keys { orphans.remember(key, .delivered, now: now) }
            message.over.removeAll()
        }
        ledger.connectionLost()
        let (held, waiting) = (endIntake(), gate.removeWaiting())
        pardonAll(held: held)
        for slot in held { _ = ledger.close(slot, now: now) }
        for slot in waiting { close(tasks[slot]) }
        for task in tasks where task.phase == .inFlight || task.phase == .handingOff {
            if !task.key.isEmpty { orphans.remember(orphanKey(of: task), .underWay(task.slot), now: now) }
        }
        if drain.isRunning { connectionFailed(error) }
    }

    /// Reads what has arrived and starts what may start.
    func receive() {
        // Also when nothing is known to be there: only asking makes the library send and check heartbeats.
        guard let consumer, hasMoreInput || now - lastReceive > 500_000_000 else { return }
        lastReceive = now
        do throws(AMQPError) {
            hasMoreInput = try consumer.receive(limit: 256, for: self)
        } catch {
            connectionLost(error)
        }
    }

    func acknowledge(force: Bool) {
        guard let consumer else { return }
        ledger.takeAcknowledgements(now: now, force: force, into: &acknowledgements)
        for acknowledgement in acknowledgements {
            consumer.acknowledge(acknowledgement.tag, multiple: acknowledgement.multiple)
        }
        acknowledgements.removeAll(keepingCapacity: true)
        guard consumer.hasUnsentAcknowledgements else { return }
        do throws(AMQPError) {
            try consumer.flush()
        } catch {
            connectionLost(error)
        }
    }

    func publisherChanged(_ state: Publisher.State) {
        var isConnected = false
        var isBlocked = false
        switch state {
        case .connecting:
            break
        case .connected:
            isConnected = true
        case .blocked(let reason):
            isConnected = true
            isBlocked = true
            logger.warning(
                "the broker takes no messages: retries and dead letters wait",
                metadata: [LogKey.reason: "\(reason)"]
            )
        case .disconnected(let reason):
            logger.warning("the publishing connection is gone", metadata: [LogKey.error: "\(reason)"])
        }
        status.isPublisherConnected.store(isConnected, ordering: .relaxed)
        status.isPublisherBlocked.store(isBlocked, ordering: .relaxed)
    }
}
