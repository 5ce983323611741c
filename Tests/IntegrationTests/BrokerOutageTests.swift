import TestSupport
import Testing

/// What happens when the broker goes away, comes back, or is full. One after the other, on a broker of their own.
@Suite(.serialized, .ownBroker, .heavy, .timeLimit(Patience.limit))
struct BrokerOutageTests {
    @Test("a worker waits for a broker that is not there at its start, says so, and then consumes")
    func notThereYet() throws {
        let broker = try OwnBroker.running()
        try Scenario.run(on: broker) { scenario in
            try scenario.topology.declare(scenario.amqp())
            try scenario.publish([Conversions.message("e1")])
            try broker.stop()
            let worker = try scenario.startWorker(ready: false)
            try eventually("it says that it waits") { worker.hasLogged("waiting for the broker") }
            try eventually("it is alive") { worker.ask("/livez")?.status == 200 }
            #expect(worker.ask("/readyz")?.status == 503)
            #expect(try worker.metric("broker_connected") == 0)
            try broker.start()
            try worker.waitUntilReady()
            try scenario.waitForRequests(1)
            #expect(worker.stop() == 0)
        }
    }

    @Test("a worker that starts without its broker, or while that takes no messages, sends nothing to a paused route")
    func pausedBefore() throws {
        let broker = try OwnBroker.running()
        try Scenario.run(on: broker) { scenario in
            try scenario.writeFiles()
            let declared = try CommandRun(["topology", "declare", "-c", "postback.yaml"], in: scenario.folder)
            #expect(declared.exitCode == 0, "\(declared.errors)")
            let pause = try CommandRun(
                ["routes", "pause", "1/global/default", "-c", "postback.yaml"],
                in: scenario.folder
            )
            #expect(pause.exitCode == 0, "\(pause.errors)")
            try scenario.publish([Conversions.message("e1")])
            try broker.stop()
            let first = try scenario.startWorker(ready: false, name: "first")
            try eventually("it says that it waits") { first.hasLogged("waiting for the broker") }
            #expect(!first.hasLogged("it is not known which routes are paused"))
            try broker.start()
            try first.waitUntilReady()
            _ = try scenario.amqp(new: true)
            #expect(try scenario.deadLetters(1).map { $0.text("x-postback-reason") } == ["paused"])
            #expect(first.stop() == 0)

            try scenario.publish([Conversions.message("e2")])
            try broker.control("set_vm_memory_high_watermark", "0.000001")
            defer { try? broker.control("set_vm_memory_high_watermark", "0.5") }
            let second = try scenario.startWorker(name: "second")
            try eventually("it has taken the event") { try second.metric("messages_unacknowledged") == 1 }
            try broker.control("set_vm_memory_high_watermark", "0.5")
            #expect(try scenario.deadLetters(1).map { $0.text("x-postback-reason") } == ["paused"])
            #expect(try scenario.tracker.total() == 0)
            #expect(second.stop() == 0)
        }
    }

    @Test("a worker that waits for its broker stops at once when asked to, with exit code 0")
    func stoppedWhileWaiting() throws {
        try Scenario.run(on: try OwnBroker.running()) { scenario in
            let port = try ClosedPort()
            scenario.configuration["broker.url"] = "\"amqp://guest:guest@127.0.0.1:\(port.number)/\""
            let worker = try scenario.startWorker(ready: false)
            try eventually("it says that it waits") { worker.hasLogged("waiting for the broker") }
            let watch = Stopwatch()
            #expect(worker.stop() == 0)
            // Far from the minute that it has to drain.
            #expect(watch.seconds < 30)
        }
    }

    @Test("a broker that is stopped and started under traffic loses nothing: all events arrive")
    func stopped() throws {
        try outage { broker in
            try broker.stop()
        }
    }

    @Test("a broker that is killed and started under traffic loses nothing: all events arrive")
    func killed() throws {
        try outage { broker in
            try broker.kill()
        }
    }

    @Test("a hand-off that failed and a connection that broke together lose no delivery and double none")
    func failedHandOff() throws {
        let broker = try OwnBroker.running()
        try Scenario.run(on: broker) { scenario in
            scenario.configuration["retry.first_delay"] = "1s"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            // No queue takes the retry: it comes back, and is held for another try.
            for rung in [1, 2, 4] { try scenario.amqp().delete(queue: scenario.topology.retry(rung)) }
            try scenario.publish([Conversions.message("e1")])
            try eventually("the worker says that it could not hand it on") {
                worker.hasLogged("could not be handed on")
            }
            try broker.control("close_all_connections", "a test")
            // Reconnected, the worker makes the queues again, and the message is there once more.
            try scenario.waitForRequests(2)
            try eventually("delivered and settled") {
                try worker.metric("messages_unacknowledged") == 0
                    && scenario.tracker.requests().contains { $0.status == 200 }
            }
            #expect(try scenario.tracker.requests().filter { $0.status == 200 }.count == 1)
            #expect(worker.stop() == 0)
        }
    }

    /// An outage under traffic; where the broker takes longer to end than the traffic lasts, again with slower traffic.
    private func outage(_ end: (TestBroker) throws -> Void) throws {
        for delay in ["250ms", "1s", "4s"] {
            if try outage(delay: delay, end) { return }
        }
        Issue.record("the outage came too late each time to mean anything")
    }

    /// Half of the events need a retry, so that the publishing connection is in use too.
    /// - Returns: false when the outage came too late to mean anything.
    private func outage(delay: String, _ end: (TestBroker) throws -> Void) throws -> Bool {
        let broker = try OwnBroker.running()
        var wasInTime = true
        try Scenario.run(on: broker) { scenario in
            scenario.configuration["broker.prefetch"] = "300"
            scenario.configuration["dispatch.lanes"] = "1"
            scenario.configuration["dispatch.per_host"] = "20"
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/delay/\(delay)?cid={{click_id}}"),
                "2": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}"),
            ])
            let worker = try scenario.startWorker()
            let messages = (0..<500).flatMap {
                [Conversions.message("a-\($0)"), Conversions.message("b-\($0)", publisher: "2")]
            }
            try scenario.publish(messages)
            try scenario.waitForRequests(300)
            try end(broker)
            wasInTime = try scenario.tracker.total() < 1500
            if !wasInTime { return }
            try eventually("the worker has noticed") { worker.ask("/readyz")?.status == 503 }
            try broker.start()
            try worker.waitUntilReady()
            let amqp = try scenario.amqp(new: true)
            let expected = Set((0..<500).flatMap { ["a-\($0)", "b-\($0)"] })
            var delivered: [String] = []
            try eventually("all have arrived", within: 60, state: { "\(Set(delivered).count) of 1000" }) {
                delivered = try scenario.tracker.requests().filter { $0.status == 200 }.map(\.click)
                return Set(delivered) == expected
            }
            try eventually("all is settled") {
                try worker.metric("messages_unacknowledged") == 0
                    && amqp.depth(of: scenario.topology.conversions)?.ready == 0
                    && amqp.depth(of: scenario.topology.retry(1))?.ready == 0
            }
            let total = try scenario.tracker.requests().filter { $0.status == 200 }.count
            print("outage: \(total - 1000) of 1000 were delivered twice")
            #expect(total - 1000 <= 300)
            #expect(try amqp.depth(of: scenario.topology.deadLetters)?.ready == 0)
            #expect(try worker.metric("broker_reconnects_total") >= 1)
            #expect(worker.stop() == 0)
        }
        return wasInTime
    }

    @Test("during a memory alarm prefetched events are delivered and acknowledged, retries are held, then all settles")
    func memoryAlarm() throws {
        let broker = try OwnBroker.running()
        try Scenario.run(on: broker) { scenario in
            // The first two are answered once the alarm is on; all that goes to the receiver waits behind them.
            let receiver = try PatientReceiver(failingFirst: "/second")
            defer { receiver.stop() }
            scenario.configuration["dispatch.lanes"] = "1"
            scenario.configuration["dispatch.per_host"] = "2"
            scenario.configuration["dispatch.timeout"] = "10m"
            try scenario.writeRoutes([
                "1": Scenario.global("\(receiver.origin)/first?cid={{click_id}}"),
                "2": Scenario.global("\(receiver.origin)/second?cid={{click_id}}"),
                "3": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}"),
            ])
            let worker = try scenario.startWorker()
            // The publishing connection has been in use when the alarm comes.
            try scenario.publish([Conversions.message("c", publisher: "3")])
            try scenario.waitForRequests(2)
            let messages = (0..<300).map { number in
                number % 2 == 1
                    ? Conversions.message("b-\(number)", publisher: "2") : Conversions.message("a-\(number)")
            }
            try scenario.publish(messages)
            #expect(receiver.requests.wait(count: 2))
            try eventually("all are with the worker") { try worker.metric("messages_unacknowledged") == 300 }
            try broker.control("set_vm_memory_high_watermark", "0.000001")
            defer { try? broker.control("set_vm_memory_high_watermark", "0.5") }
            receiver.answer()
            // 150 fail, and cannot be handed to the ladder.
            try eventually("every event had its first attempt", within: 40) {
                try worker.metrics().reduce(0) { $0 + ($1.key.hasPrefix("postback_attempts_total") ? $1.value : 0) }
                    >= 302
            }
            try eventually("only retries are held") {
                try worker.metric("messages_unacknowledged") <= 150 && worker.metric("in_flight") == 0
            }
            let held = try worker.metric("messages_unacknowledged")
            #expect(held > 0)
            #expect(try worker.metric("broker_blocked") == 1)
            #expect(worker.hasLogged("the broker takes no messages"))
            #expect(worker.ask("/readyz")?.status == 200)
            print("alarm: \(held) of 150 retries held in it")

            try broker.control("set_vm_memory_high_watermark", "0.5")
            try eventually("all has settled", within: 40) {
                try worker.metric("messages_unacknowledged") == 0 && receiver.requests.all.count >= 450
                    && worker.metric("broker_blocked") == 0
            }
            let lines = receiver.requests.all.map(\.line)
            #expect(lines.count == 450)
            #expect(Set(lines).count == 300)
            #expect(try worker.metric(#"events_total{outcome="delivered"}"#) == 301)
            #expect(worker.stop() == 0)
        }
    }

    @Test("SIGTERM during a memory alarm ends within the time to drain, and what could not be handed on is back")
    func drainedInAlarm() throws {
        let broker = try OwnBroker.running()
        try Scenario.run(on: broker) { scenario in
            scenario.configuration["shutdown.drain"] = "2s"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/status/503/retry-after/3600?cid={{click_id}}")])
            try scenario.topology.declare(scenario.amqp())
            try scenario.publish(Conversions.messages(50, prefix: "e"))
            try broker.control("set_vm_memory_high_watermark", "0.000001")
            defer { try? broker.control("set_vm_memory_high_watermark", "0.5") }
            let worker = try scenario.startWorker()
            // The first answer asks for an hour's pause: what has not been sent by then is parked, not tried.
            try eventually("each was tried or parked") {
                let metrics = try worker.metrics()
                let known = metrics.filter {
                    $0.key.hasPrefix("postback_attempts_total") || $0.key.hasPrefix("postback_parked_total")
                }
                return known.values.reduce(0, +) >= 50
            }
            let watch = Stopwatch()
            #expect(worker.stop() == 0)
            // Two to drain, and not until the alarm ends, which is never.
            #expect(watch.seconds < 30)
            try broker.control("set_vm_memory_high_watermark", "0.5")
            // Each is in its queue again, or on the ladder when the broker took it after all.
            try eventually("all are somewhere") {
                let amqp = try scenario.amqp()
                let back = try amqp.depth(of: scenario.topology.conversions)?.ready ?? 0
                let laid = try amqp.depth(of: scenario.topology.retry(2048))?.ready ?? 0
                return back + laid >= 50 && back <= 50
            }
        }
    }

    @Test("amqps is verified with broker.tls.ca, and refused with another authority or another name")
    func tls() throws {
        let broker = try OwnBroker.running()
        let certificates = try OwnBroker.certificates()
        try Scenario.run(on: broker) { scenario in
            scenario.configuration["broker.url"] = "\"amqps://guest:guest@localhost:\(broker.sparePort)/%2f\""
            scenario.configuration["broker.tls"] = "{ ca: \"\(certificates.authority)\" }"
            let worker = try scenario.startWorker()
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}")])
            try eventually("the routes are in force") {
                try worker.metric(#"route_reloads_total{result="loaded"}"#) == 1
            }
            try scenario.publish(Conversions.messages(200, prefix: "e"))
            try scenario.waitForRequests(400)
            try eventually("all are acknowledged") { try worker.metric("messages_unacknowledged") == 0 }
            #expect(worker.stop() == 0)
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0)

            scenario.configuration["broker.tls"] = "{ ca: \"\(certificates.stranger)\" }"
            try refuses(scenario, "a stranger's authority")
            scenario.configuration["broker.tls"] = "{ ca: \"\(certificates.authority)\" }"
            scenario.configuration["broker.url"] = "\"amqps://guest:guest@127.0.0.1:\(broker.sparePort)/%2f\""
            try refuses(scenario, "another name than the certificate's")
        }
    }

    private func refuses(_ scenario: Scenario, _ what: Comment) throws {
        let worker = try scenario.startWorker(ready: false)
        try eventually("it says that it waits") { worker.hasLogged("waiting for the broker") }
        try eventually("it is not ready") { worker.ask("/readyz")?.status == 503 }
        #expect(!worker.hasLogged("consuming"), what)
        let error = worker.log.first { $0.message == "waiting for the broker" }?.fields["error"] ?? ""
        #expect(error.contains("verif") || error.contains("certificate") || error.contains("SSL"), "\(what): \(error)")
        let status = try CommandRun(["status"], in: scenario.folder)
        #expect(status.exitCode == 3, what)
        #expect(worker.stop() == 0)
    }
}
