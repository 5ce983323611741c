import Glibc
import TestSupport
import Testing

/// The ends of an event other than delivered, rejected and exhausted.
@Suite(.light, .timeLimit(Patience.limit))
struct OutcomeTests {
    @Test("events without a route and suppressed ones are acknowledged and counted, not dead-lettered")
    func notSent() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "1": #"{ global: { url: "TRACKER/pb?cid={{click_id}}" }, offers: { "5": { suppress: true } } }"#,
                "2": #"{ global: { enabled: false, url: "TRACKER/pb?cid={{click_id}}" } }"#,
            ])
            let worker = try scenario.startWorker()
            try scenario.publish([
                Conversions.message("suppressed", more: #","offer_id":"5""#),
                Conversions.message("off", publisher: "2"), Conversions.message("unknown", publisher: "3"),
                Conversions.message("sent"),
            ])
            try eventually("all four are counted") {
                let metrics = try worker.metrics()
                return metrics[#"postback_events_total{outcome="suppressed"}"#] == 1
                    && metrics[#"postback_events_total{outcome="no_route"}"#] == 2
                    && metrics[#"postback_events_total{outcome="delivered"}"#] == 1
            }
            #expect(worker.stop() == 0)
            #expect(try scenario.tracker.requests().map(\.click) == ["sent"])
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0)
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
        }
    }

    @Test("a retry whose route was removed meanwhile is dead-lettered as route_removed, with what it had tried")
    func routeRemoved() throws {
        try Scenario.run { scenario in
            scenario.configuration["retry.first_delay"] = "8s"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/status/503?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(1)
            try scenario.writeRoutes(["2": Scenario.global("TRACKER/pb?cid={{click_id}}")])
            worker.signal(SIGHUP)
            let letter = try #require(try scenario.deadLetters(1).first)
            #expect(letter.text("x-postback-reason") == "route_removed")
            #expect(letter.text("x-postback-route") == "1/global/default")
            #expect(letter.number("x-postback-attempt") == 1)
            #expect(letter.number("x-postback-last-status") == 503)
            #expect(letter.text("x-postback-last-error")?.contains("1/global/default") == true)
            #expect(try worker.metric(#"dead_letters_total{reason="route_removed"}"#) == 1)
            #expect(try scenario.tracker.total() == 1)
        }
    }

    @Test("an event without click id, or with an empty one, is never sent and ends as missing_token")
    func missingToken() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            try scenario.publish([
                TestMessage(#"{"id":"none","publisher_id":"1"}"#), Conversions.message("ok"),
                TestMessage(#"{"id":"empty","publisher_id":"1","click_id":""}"#),
            ])
            let letters = try scenario.deadLetters(2)
            #expect(Set(letters.map { $0.text("x-postback-reason") }) == ["missing_token"])
            #expect(letters.allSatisfy { $0.text("x-postback-last-error")?.contains("click_id") == true })
            #expect(letters.allSatisfy { $0.text("x-postback-route") == "1/global/default" })
            #expect(letters.allSatisfy { $0.number("x-postback-attempt") == 0 })
            try scenario.waitForRequests(1)
            #expect(try worker.metric(#"dead_letters_total{reason="missing_token"}"#) == 2)
            #expect(try scenario.tracker.requests().map(\.click) == ["ok"])
        }
    }

    @Test("what is older than max_age before its next try ends as expired")
    func expired() throws {
        try Scenario.run { scenario in
            scenario.configuration["retry.max_age"] = "10m"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/status/503/retry-after/3600?cid={{click_id}}")])
            _ = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            let letter = try #require(try scenario.deadLetters(1).first)
            #expect(letter.text("x-postback-reason") == "expired")
            #expect(letter.number("x-postback-last-status") == 503)
        }
    }

    @Test("a message whose route header names nothing we know is dead-lettered, never guessed at")
    func unknownRoute() throws {
        try Scenario.run { scenario in
            _ = try scenario.startWorker()
            var message = Conversions.message("e1")
            message.headers = [AMQPField("x-postback-route", .text("no such/route"))]
            try scenario.publish([message])
            #expect(try scenario.deadLetters(1).first?.text("x-postback-reason") == "route_removed")
            #expect(try scenario.tracker.total() == 0)
        }
    }
}
