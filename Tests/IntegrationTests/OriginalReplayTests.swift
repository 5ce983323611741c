import TestSupport
import Testing

/// `dead-letters replay --to original`.
@Suite(.light, .timeLimit(Patience.limit))
struct OriginalReplayTests {
    @Test("original sends to the template of the attempt, on every try, and the next dead letter has it again")
    func original() throws {
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "2"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/new?cid={{click_id}}")])
            let old = scenario.tracker.origin + "/status/503/old?cid={{click_id}}&t={{type}}"
            try scenario.seed([DeadLetterSeed.message(0, url: old)])
            _ = try scenario.startWorker()
            #expect(try scenario.deadLettersCommand("replay", "--all", "--to", "original").exitCode == 0)
            let letter = try scenario.deadLetters(1)[0]
            #expect(try scenario.tracker.totalsByPath() == ["/status/503/old": 2])
            #expect(try scenario.tracker.requests()[0].query == ["cid": "ev-0", "t": "conversion"])
            #expect(letter.text("x-postback-template") == old && letter.text("x-postback-reason") == "exhausted")

            try scenario.amqp().publish([letter], exchange: "", key: scenario.topology.deadLetters)
            #expect(try scenario.deadLettersCommand("replay", "--all").exitCode == 0)
            try scenario.waitForRequests(3)
            #expect(try scenario.tracker.requests(path: "/new").count == 1, "current is the default")
        }
    }

    @Test("a replay to routes that are gone keeps the template: to the original it goes all the same")
    func removed() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes(["9": Scenario.global("TRACKER/nine?cid={{click_id}}")])
            try scenario.seed([DeadLetterSeed.message(0, url: scenario.tracker.origin + "/old?cid={{click_id}}")])
            _ = try scenario.startWorker()
            #expect(try scenario.deadLettersCommand("replay", "--all").exitCode == 0)
            let letter = try scenario.deadLetters(1)[0]
            #expect(letter.text("x-postback-reason") == "route_removed")
            try scenario.amqp().publish([letter], exchange: "", key: scenario.topology.deadLetters)
            let run = try scenario.deadLettersCommand("replay", "--all", "--to", "original", "--json")
            #expect(run.exitCode == 0, "\(run.output) \(run.errors)")
        }
    }

    @Test("a template with masked secrets is left unless the routes still have it; a letter without one is left")
    func masked() throws {
        try Scenario.run { scenario in
            let same = "/pb?token=hush&cid={{click_id}}"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER\(same)")])
            var cut = DeadLetterSeed.message(3)
            cut.headers?.removeAll { $0.name == "x-postback-template" }
            try scenario.seed([
                DeadLetterSeed.message(0, url: "\(scenario.tracker.origin)/pb?token=***&cid={{click_id}}"),
                DeadLetterSeed.message(15, url: "\(scenario.tracker.origin)/other?token=***&cid={{click_id}}"), cut,
            ])
            _ = try scenario.startWorker()
            let run = try scenario.deadLettersCommand("replay", "--all", "--to", "original", "--json")
            #expect(run.exitCode == 1 && run.output.contains(#""left":{"masked":1,"missing":1}"#), "\(run.output)")
            try scenario.waitForRequests(1)
            #expect(try scenario.tracker.requests()[0].query["token"] == "hush")
            let left = try scenario.deadLetters(2)
            #expect(left.map(\.eventID) == ["ev-15", "ev-3"])
        }
    }

    @Test(
        "a message that brings a template of its own is checked like a route, and tells no secret to a stranger",
        arguments: [
            ("https://{{click_id}}.example/", "a token may not stand in the host"),
            ("https://track.example/?x={{nonsense}}", "nonsense"), ("", "cannot be sent"),
            ("http://127.0.0.1:1/x?s={{ click_id | hmac_sha256:\"shared\" }}", "it uses a secret"),
        ]
    )
    func hostile(template: String, error: String) throws {
        try Scenario.run { scenario in
            try scenario.folder.write("hush-hush", to: "shared.txt")
            scenario.configuration["secrets.shared"] = "{ file: shared.txt }"
            let worker = try scenario.startWorker()
            try scenario.publish([
                TestMessage(
                    Conversions.event("e1"),
                    headers: [
                        AMQPField("x-postback-route", .text("1/global/default")),
                        AMQPField("x-postback-replay-to", .text("original")),
                        AMQPField("x-postback-template", .text(template)),
                    ]
                )
            ])
            let letter = try scenario.deadLetters(1)[0]
            #expect(letter.text("x-postback-reason") == "invalid_url")
            #expect(letter.text("x-postback-last-error")?.contains(error) == true, "\(letter)")
            #expect(try scenario.tracker.total() == 0)
            #expect(worker.stop() == 0)
        }
    }
}
