import TestSupport
import Testing

/// One event, several postbacks: each is a delivery of its own.
@Suite(.light, .timeLimit(Patience.limit))
struct SeveralDeliveriesTests {
    @Test("of a list of two, the one that fails is tried again alone, and the other is sent once")
    func list() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "1": """
                { global: [ { name: good, url: "TRACKER/good?cid={{click_id}}" }, \
                { name: bad, url: "TRACKER/fail-first/2/bad?cid={{click_id}}" } ] }
                """
            ])
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(4)
            try eventually("both are counted") { try worker.metric(#"deliveries_total{outcome="delivered"}"#) == 2 }
            #expect(try scenario.tracker.totalsByPath() == ["/good": 1, "/fail-first/2/bad": 3])
            let keys = Set(try scenario.tracker.requests().map { $0.headers["idempotency-key"] ?? "" })
            #expect(keys == ["e1/1/global/good", "e1/1/global/bad"])
        }
    }

    @Test("a retry of one of two names its route")
    func route() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "1": """
                { global: [ { name: good, url: "TRACKER/good?cid={{click_id}}" }, \
                { name: bad, url: "TRACKER/status/503/retry-after/3600?cid={{click_id}}" } ] }
                """
            ])
            _ = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            #expect(try scenario.retryMessage(rung: 2048).text("x-postback-route") == "1/global/bad")
            #expect(try scenario.tracker.total() == 2)
        }
    }

    @Test("in additive mode smartlink, offer and global are all sent, and each fails for itself")
    func additive() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "1": """
                { mode: additive, global: { url: "TRACKER/global?cid={{click_id}}" }, \
                offers: { "5": { url: "TRACKER/status/404/offer?cid={{click_id}}" } }, \
                smartlinks: { "7": { url: "TRACKER/fail-first/1/link?cid={{click_id}}" } } }
                """
            ])
            _ = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1", more: #","offer_id":5,"smartlink_id":"7""#)])
            let letters = try scenario.deadLetters(1)
            #expect(letters.map { $0.text("x-postback-route") } == ["1/offers/5/default"])
            try scenario.waitForRequests(4)
            #expect(
                try scenario.tracker.totalsByPath() == [
                    "/global": 1, "/status/404/offer": 1, "/fail-first/1/link": 2,
                ]
            )
        }
    }

    @Test("the message is acknowledged only when its last delivery is over")
    func acknowledgedLast() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.timeout"] = "10m"
            try scenario.writeRoutes([
                "1": """
                { global: [ { name: fast, url: "TRACKER/fast?cid={{click_id}}" }, \
                { name: slow, url: "TRACKER/hang/slow?cid={{click_id}}" } ] }
                """
            ])
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(2)
            try eventually("the fast one is over") { try worker.metric(#"deliveries_total{outcome="delivered"}"#) == 1 }
            #expect(try worker.metric("messages_unacknowledged") == 1)
            worker.kill9()
            try eventually("the broker has the message back") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 1
            }
        }
    }
}
