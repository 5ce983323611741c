import Foundation
import TestSupport
import Testing

/// One bad destination beside a good one, at the whole worker.
@Suite(.whole, .timeLimit(Patience.limit))
struct IsolationTests {
    private func parked(_ worker: WorkerUnderTest, _ cause: String) throws -> Int {
        try worker.metric("parked_total{cause=\"\(cause)\"}")
    }

    @Test("a destination that never answers does not hold the window: the others finish meanwhile")
    func blackHole() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.lanes"] = "1"
            let hole = try TrackerUnderTest(in: scenario.folder)
            defer { hole.stop() }
            scenario.configuration["broker.prefetch"] = "100"
            scenario.configuration["dispatch.per_host"] = "10"
            scenario.configuration["dispatch.timeout"] = "10m"
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/pb?cid={{click_id}}"),
                "2": Scenario.global("\(hole.origin)/hang?cid={{click_id}}"),
            ])
            try scenario.topology.declare(scenario.amqp())
            // More of them first than the window holds.
            try scenario.publish(Conversions.messages(300, prefix: "h", publisher: "2"))
            try scenario.publish(Conversions.messages(300, prefix: "g"))
            let worker = try scenario.startWorker()
            try scenario.waitForRequests(300, within: 40)
            #expect(try worker.metric("in_flight") == 10)
            #expect(try hole.total() == 10)
            #expect(try parked(worker, "host_limit") >= 200)
            #expect(try worker.metric(#"dead_letters_total{reason="exhausted"}"#) == 0)
            #expect(try worker.metric("retries_total") == 0)
        }
    }

    @Test("a breaker opens, parks without an attempt, shows itself, probes, and closes when the destination is well")
    func breaker() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.lanes"] = "1"
            scenario.configuration["breaker.failures"] = "5"
            scenario.configuration["breaker.open"] = "12s"
            // Free again as soon as its number is known.
            scenario.configuration["admin.listen"] = "\"127.0.0.1:\(try ClosedPort().number)\""
            // Five are refused once each, all at a time: the tracker is down for a moment, and well when it is probed.
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}"),
                "2": Scenario.global("TRACKER/pb?cid={{click_id}}"),
            ])
            let worker = try scenario.startWorker()
            try scenario.publish(Conversions.messages(5, prefix: "a"))
            try eventually("the breaker opens") { try worker.metric("breakers_open") == 1 }
            #expect(worker.hasLogged("the breaker of a destination opened"))
            try scenario.publish(Conversions.messages(20, prefix: "b", publisher: "2"))
            try eventually("what comes is parked") { try parked(worker, "breaker") >= 15 }
            try eventually("it shows itself") {
                worker.ask("/destinations")?.text.contains("\"breaker\":\"open\"") == true
            }
            let status = try CommandRun(["status", "-c", "postback.yaml"], in: scenario.folder)
            #expect(status.output.contains("\(scenario.tracker.origin)  breaker"))
            // All are delivered in the end; who was only parked has his attempts.
            try eventually("all are delivered", within: 90) {
                try Set(scenario.tracker.requests().filter { $0.status == 200 }.map(\.click)).count == 25
            }
            try eventually("it closes", within: 30) { try worker.metric("breakers_open") == 0 }
            #expect(worker.hasLogged("the breaker of a destination closed"))
            #expect(try worker.metric("retries_total") == 5, "who was parked spent no attempt")
        }
    }

    @Test("a Retry-After holds for everything that goes to that destination, and for nothing else")
    func retryAfter() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.lanes"] = "1"
            let other = try TrackerUnderTest(in: scenario.folder)
            defer { other.stop() }
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/fail-first/1/retry-after/8?cid={{click_id}}"),
                "2": Scenario.global("TRACKER/pb?cid={{click_id}}"),
                "3": Scenario.global("\(other.origin)/pb?cid={{click_id}}"),
            ])
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("first")])
            try scenario.waitForRequests(1)
            try eventually("it was judged") { try worker.metric("retries_total") == 1 }
            try scenario.publish(
                Conversions.messages(5, prefix: "same", publisher: "2")
                    + Conversions.messages(5, prefix: "other", publisher: "3")
            )
            try scenario.waitForRequests(7, within: 30)
            #expect(try parked(worker, "retry_after") == 5)
            let requests = try scenario.tracker.requests()
            #expect(requests.dropFirst().allSatisfy { $0.time >= requests[0].time + 8 - 0.05 })
            // The other destination has had its own long before.
            #expect(try other.requests().filter { $0.time < requests[1].time }.count == 5)
        }
    }

    @Test("a rate is kept to")
    func rate() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.lanes"] = "1"
            scenario.configuration["dispatch.rate"] = "20"
            let worker = try scenario.startWorker()
            try scenario.publish(Conversions.messages(60, prefix: "e"))
            try scenario.waitForRequests(60, within: 30)
            let times = try scenario.tracker.requests().map(\.time).sorted()
            // 60 at 20 a second, two of them at once: 2.9 s.
            #expect(times[59] - times[0] >= 2.7)
            #expect(try worker.metric("retries_total") == 0)
        }
    }

    @Test("thousands of hosts that fail are forgotten again, and everything is counted once")
    func manyHosts() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.lanes"] = "1"
            scenario.configuration["retry.attempts"] = "1"
            let port = try ClosedPort()
            // A destination each: 127.1.0.0 and so on, where nobody listens.
            var routes: [String: String] = [:]
            for number in 0..<2000 {
                let host = "127.\(1 + number / 65_536).\(number / 256 % 256).\(number % 256)"
                routes["\(number)"] = Scenario.global("http://\(host):\(port.number)/pb?cid={{click_id}}")
            }
            try scenario.writeRoutes(routes)
            let worker = try scenario.startWorker()
            try scenario.publish((0..<2000).map { Conversions.message("e\($0)", publisher: "\($0)") })
            try eventually("all are dead letters", within: 60) {
                try worker.metric(#"dead_letters_total{reason="exhausted"}"#) == 2000
            }
            #expect(try worker.metric("in_flight") == 0)
            #expect(try worker.metric("backlog") == 0)
        }
    }
}
