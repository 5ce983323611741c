import Glibc
import TestSupport
import Testing

/// The admin endpoint of a whole worker (CONTRACT section 7).
@Suite(.light, .timeLimit(Patience.limit))
struct AdminTests {
    @Test("/livez and /readyz say 200 while it consumes, and /metrics has every name of the contract")
    func running() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            try scenario.publish([
                Conversions.message("e1", more: #","occurred_at":"2026-01-01T00:00:00Z","test":true"#)
            ])
            try scenario.waitForRequests(1)
            try eventually("it is counted") { try worker.metric(#"events_total{outcome="delivered"}"#) == 1 }
            #expect(worker.ask("/livez")?.status == 200)
            #expect(worker.ask("/readyz")?.status == 200)
            #expect(worker.ask("/nothing")?.status == 404)
            let text = try #require(worker.ask("/metrics")?.text)
            for name in [
                "events_total{outcome=", "deliveries_total{outcome=", #"attempts_total{status_class="2xx",verdict="#,
                "attempt_seconds_bucket{le=", "attempt_seconds_sum", "attempt_seconds_count",
                "delivery_age_seconds_bucket{le=", "delivery_age_seconds_count", "retries_total",
                "dead_letters_total{reason=", "in_flight", "parked_total{cause=", "breakers_open",
                "connections_total{reused=", "broker_connected", "route_table_entries", "route_reloads_total{result=",
            ] {
                #expect(text.contains("\npostback_\(name)"), "\(name)")
            }
            #expect(try worker.metric("attempt_seconds_count") == 1)
            #expect(try worker.metric("delivery_age_seconds_count") == 1)
            #expect(try worker.metric("broker_connected") == 1)
            #expect(try worker.metric("route_table_entries") == 1)
            #expect(try worker.metric("test_deliveries_total") == 1)
            #expect(try worker.metric("in_flight") == 0)
            let turn = try #require(try worker.metrics()["postback_lane_turn_seconds_max"])
            #expect(turn > 0 && turn < 60)
            #expect(try worker.metric(#"connections_total{reused="false"}"#) == 1)
            for reason in [
                "invalid_event", "missing_token", "invalid_url", "blocked_destination", "rejected", "exhausted",
                "expired",
                "route_removed", "poison",
            ] {
                #expect(text.contains(#"postback_dead_letters_total{reason="\#(reason)"} 0"#), "\(reason)")
            }
        }
    }

    @Test("/readyz says 503 before the broker is there, while /livez says 200")
    func withoutBroker() throws {
        let port = try ClosedPort()
        try Scenario.run { scenario in
            scenario.configuration["broker.url"] = "\"amqp://127.0.0.1:\(port.number)\""
            let worker = try scenario.startWorker(ready: false)
            try eventually("it answers") { worker.ask("/livez")?.status == 200 }
            #expect(worker.ask("/readyz")?.status == 503)
            #expect(try worker.metric("broker_connected") == 0)
        }
    }

    @Test("/readyz says 503 while it drains, and in_flight what is still under way")
    func draining() throws {
        try Scenario.run { scenario in
            let receiver = try PatientReceiver()
            defer { receiver.stop() }
            try scenario.writeRoutes(["1": Scenario.global("\(receiver.origin)/pb?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish(Conversions.messages(3, prefix: "e"))
            #expect(receiver.requests.wait(count: 3))
            worker.signal(SIGTERM)
            try eventually("it is not ready any more") { worker.ask("/readyz")?.status == 503 }
            #expect(try worker.metric("in_flight") == 3)
            #expect(worker.ask("/livez")?.status == 200)
            receiver.answer()
            #expect(worker.waitForEnd(within: 15) == .exited(0))
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0)
            #expect(receiver.requests.all.count == 3)
        }
    }

    @Test("an address that is taken stops the start with exit code 2 and a sentence")
    func addressTaken() throws {
        try Scenario.run { scenario in
            scenario.configuration["admin.listen"] = "\"127.0.0.1:\(scenario.tracker.port)\""
            let worker = try scenario.startWorker(ready: false)
            #expect(worker.waitForEnd(within: 15) == .exited(2))
            #expect(worker.logText.contains("\(scenario.tracker.port)"))
        }
    }
}
