import TestSupport
import Testing

/// Odd things that a healthy broker may do to a worker.
@Suite(.light, .timeLimit(Patience.limit))
struct BrokerTests {
    @Test("a queue deleted under the worker is noticed, made again, and consumed")
    func queueDeleted() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.lanes"] = "1"
            let worker = try scenario.startWorker()
            try scenario.amqp().delete(queue: scenario.topology.conversions)
            try eventually("it is noticed") { worker.hasLogged("waiting for the broker") }
            #expect(worker.log.contains { $0.fields["error"]?.contains("cancelled the consumer") == true })
            try worker.waitUntilReady()
            try eventually("the queue is back") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.consumers == 1
            }
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(1)
        }
    }

    @Test("with topology skip a deleted queue is missed until somebody makes it again, and then consumed")
    func queueMissing() throws {
        try Scenario.run { scenario in
            scenario.configuration["broker.topology"] = "skip"
            try scenario.topology.declare(scenario.amqp())
            let worker = try scenario.startWorker()
            try scenario.amqp().delete(queue: scenario.topology.conversions)
            try eventually("it is missed") {
                worker.log.contains { line in
                    // The stream of pauses is not there either, and missed at once.
                    line.fields["error"].map { $0.contains("NOT_FOUND") && $0.contains("conversions") } == true
                }
            }
            try eventually("it is not ready") { worker.ask("/readyz")?.status == 503 }
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions) == nil)
            try scenario.topology.declare(scenario.amqp())
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(1)
            try eventually("it is ready again") { worker.ask("/readyz")?.status == 200 }
        }
    }

    @Test("of several broker URLs the first that answers is used")
    func severalURLs() throws {
        let port = try ClosedPort()
        try Scenario.run { scenario in
            scenario.configuration["broker.url"] =
                "[\"amqp://guest:guest@127.0.0.1:\(port.number)/\", \"\(scenario.broker.url)\"]"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            #expect(worker.hasLogged("waiting for the broker"))
            try scenario.publish([Conversions.message("e1")])
            // The second attempt shows that the publishing connection found its way as well.
            try scenario.waitForRequests(2)
            #expect(try CommandRun(["status"], in: scenario.folder).exitCode == 0)
        }
    }

    @Test("a wrong password is said as what it is, and never shown")
    func wrongPassword() throws {
        try Scenario.run { scenario in
            scenario.configuration["broker.url"] = "\"amqp://guest:hush-hush@127.0.0.1:\(scenario.broker.port)/\""
            let worker = try scenario.startWorker(ready: false)
            try eventually("it says that it waits") { worker.hasLogged("waiting for the broker") }
            let error = try #require(worker.log.first { $0.message == "waiting for the broker" }?.fields["error"])
            #expect(error.contains("user, password"), "\(error)")
            #expect(!worker.logText.contains("hush-hush"))
        }
    }

    @Test(
        "a header table nested 20,000 deep crashes nothing, and its neighbours are delivered",
        .timeLimit(Patience.limit)
    )
    func hostileHeaders() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/pb?cid={{click_id}}"),
                "2": Scenario.global("TRACKER/status/404?cid={{click_id}}"),
            ])
            let worker = try scenario.startWorker()
            func hostile(_ message: TestMessage) -> TestMessage {
                var message = message
                message.rawHeaders = Self.nested(20_000)
                return message
            }
            let broken = Array("broken".utf8)
            try scenario.publish([
                Conversions.message("before"), hostile(Conversions.message("sent")),
                hostile(Conversions.message("rejected", publisher: "2")), hostile(TestMessage(broken)),
                Conversions.message("after"),
            ])
            let letters = try scenario.deadLetters(2)
            #expect(Set(letters.map { $0.text("x-postback-reason") }) == ["rejected", "invalid_event"])
            #expect(letters.contains { $0.body == broken })
            #expect(letters.contains { $0.body == Conversions.message("rejected", publisher: "2").body })
            try eventually("the neighbours are delivered") {
                try worker.metric(#"events_total{outcome="delivered"}"#) == 3
            }
            #expect(Set(try scenario.tracker.requests().map(\.click)) == ["before", "sent", "rejected", "after"])
            #expect(worker.stop() == 0)
        }
    }

    /// A table in a table in a table, each with an empty name: six bytes a level.
    private static func nested(_ depth: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for level in 0..<depth {
            let size = UInt32((depth - level - 1) * 6)
            bytes += [0, UInt8(ascii: "F")]
            bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
        }
        return bytes
    }
}
