import Delivery
import EventLoop
import HTTPTransport
import Logging
import RabbitMQ
import Synchronization
import Telemetry

/// Stop intake, let what is under way end, give the rest back, close.
extension Lane {
    func beginDrain() {
        guard drain.isRunning else { return }
        drain.begin(now: now, patience: options.drainPatience)
        reconnectAt = nil
        status.isConsuming.store(false, ordering: .relaxed)
        do throws(AMQPError) {
            try consumer?.cancel()
        } catch {
            connectionLost(error)
        }
        for slot in endIntake() { giveBack(slot) }
        // What waits for its turn goes back at once: another worker can start it now.
        for slot in gate.removeWaiting() {
            let task = tasks[slot]
            guard task.phase == .waiting else { continue }
            let message = messages[task.message]
            if message.hasProgressed {
                metrics.park(.shutdown)
                handOff(task, handOffs.again(task, of: message))
            } else {
                giveBack(task.message)
            }
        }
        logger.info(
            "draining",
            metadata: [LogKey.inFlight: "\(gate.inFlight)", LogKey.count: "\(ledger.count)"]
        )
    }

    /// - Returns: true when the lane is to end.
    func stepDrain() -> Bool {
        switch drain.step(unsettled: ledger.count, now: now) {
        case .wait:
            return false
        case .finished:
            return true
        case .abandon:
            logger.warning(
                "the time to drain is over; what is still under way goes back to the queue and may be sent again",
                metadata: [LogKey.inFlight: "\(gate.inFlight)", LogKey.count: "\(ledger.count)"]
            )
            return true
        }
    }

    /// What is to be done after the last turn; the broker has read every acknowledgement when it returns.
    package func shutDown() {
        acknowledge(force: true)
        if let consumer {
            wait.forget(consumer)
            // Waits for the broker's answer, and with it until the acknowledgements above have been read.
            consumer.close()
        }
        consumer = nil
        publisher.stop()
        transport.shutDown()
        log?.handOver(now: now, force: true)
        heartbeat.end()
    }
}
