import Foundation
import TestSupport
import Testing

/// What a publisher can set beside the URL, by the worker: when, how often, how late, signed, redirected.
@Suite(.light, .timeLimit(Patience.limit))
struct RouteRuleTests {
    @Test("delay waits on the ladder, max_age ends as expired, redirects are followed as often as allowed")
    func times() throws {
        let signedElsewhere = "TRACKER/status/307?location=%2Flanded%3Fcid%3D{{click_id}}"
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "delayed": #"{ global: { url: "TRACKER/pb?cid={{click_id}}&n={{attempt}}", delay: 3s } }"#,
                "prompt": Scenario.global("TRACKER/pb?cid={{click_id}}"),
                "aged": #"{ global: { url: "TRACKER/pb?cid={{click_id}}", max_age: 10m } }"#,
                "followed": "{ global: { url: \"\(signedElsewhere)\", redirects: 1 } }",
                "stopped": "{ global: { url: \"\(signedElsewhere)\" } }",
                "circle":
                    #"{ global: { url: "TRACKER/status/302?location=%2Fstatus%2F302&cid={{click_id}}", redirects: 1 } }"#,
            ])
            let worker = try scenario.startWorker()
            let old = Date().addingTimeInterval(-3600).formatted(.iso8601)
            let young = Date().addingTimeInterval(-60).formatted(.iso8601)
            let published = Date().timeIntervalSince1970
            try scenario.publish([
                Conversions.message("delayed", publisher: "delayed"),
                Conversions.message("prompt", publisher: "prompt"),
                Conversions.message("old", publisher: "aged", more: #","occurred_at":"\#(old)""#),
                Conversions.message("young", publisher: "aged", more: #","occurred_at":"\#(young)""#),
                Conversions.message("followed", publisher: "followed"),
                Conversions.message("stopped", publisher: "stopped"),
                Conversions.message("circle", publisher: "circle"),
            ])
            let letters = try scenario.deadLetters(3)
            var ends: [String: String] = [:]
            for letter in letters {
                ends[letter.text("x-postback-route") ?? ""] = letter.text("x-postback-reason")
            }
            #expect(
                ends == [
                    "aged/global/default": "expired", "stopped/global/default": "rejected",
                    "circle/global/default": "rejected",
                ]
            )
            let expired = try #require(letters.first { $0.text("x-postback-reason") == "expired" })
            #expect(expired.number("x-postback-attempt") == 0)
            #expect(expired.text("x-postback-last-error")?.contains("max_age is 600 s") == true)
            // Two each of the one that is followed and of the circle.
            try scenario.waitForRequests(8)
            let requests = try scenario.tracker.requests()
            let delayed = try #require(requests.first { $0.click == "delayed" })
            #expect(delayed.time >= published + 3 - 0.05)
            #expect(delayed.query["n"] == "1")
            #expect(requests.filter { $0.path == "/landed" }.map(\.click) == ["followed"])
            #expect(Set(requests.filter { $0.path == "/pb" }.map(\.click)) == ["delayed", "prompt", "young"])
            #expect(requests.count == 8)
            try eventually("all are counted") {
                try worker.metric(#"deliveries_total{outcome="delivered"}"#) == 4
            }
            #expect(try worker.metric(#"parked_total{cause="delay"}"#) == 1)
            #expect(try worker.metric("retries_total") == 0)
            #expect(try worker.metric(#"dead_letters_total{reason="expired"}"#) == 1)
        }
    }

    @Test("both signatures are what openssl makes of the request and the secret")
    func signed() throws {
        let keys = [Data("a key of the receiver".utf8), Data("an older key of his".utf8)].map {
            $0.base64EncodedString()
        }
        try Scenario.run { scenario in
            for (name, variable) in [("new", "TEST_NEW"), ("old", "TEST_OLD"), ("query", "TEST_QUERY")] {
                scenario.configuration["secrets.\(name)"] = "{ env: \(variable) }"
            }
            try scenario.writeRoutes([
                "hook": """
                { global: { url: "TRACKER/fail-first/1/hook", method: POST, content_type: application/json, \
                body: '{"click": "{{click_id}}", "payout": {{payout}}}', \
                sign: { scheme: standard-webhooks, secret: [new, old] } } }
                """,
                "query": """
                { global: { url: "TRACKER/pb?cid={{click_id}}&payout={{payout}}", \
                sign: { scheme: hmac-sha256-query, secret: query, parameter: sig } } }
                """,
            ])
            let worker = try scenario.startWorker(environment: [
                "TEST_NEW": "whsec_\(keys[0])", "TEST_OLD": keys[1], "TEST_QUERY": "query passphrase",
            ])
            let payout = #","payout":{"amount":"1.25","currency":"EUR"}"#
            try scenario.publish([
                Conversions.message("h.1", publisher: "hook", more: payout),
                Conversions.message("q & a", publisher: "query", more: payout),
            ])
            try scenario.waitForRequests(3)
            let requests = try scenario.tracker.requests()
            let hooks = requests.filter { $0.method == "POST" }
            #expect(hooks.count == 2)
            for hook in hooks {
                #expect(hook.body == #"{"click": "h.1", "payout": 1.25}"#)
                let id = try #require(hook.headers["webhook-id"])
                let time = try #require(hook.headers["webhook-timestamp"])
                #expect(id == "h%2E1/hook/global/default")
                #expect(abs((Double(time) ?? 0) - hook.time) <= 5)
                let content = "\(id).\(time).\(hook.body)"
                let signatures = try keys.map {
                    "v1," + (try Signatures.hmacBase64(key: $0, content, in: scenario.folder))
                }
                #expect(hook.headers["webhook-signature"] == signatures.joined(separator: " "))
            }
            let target = try #require(requests.first { $0.method == "GET" }).target
            let parts = target.components(separatedBy: "&sig=")
            #expect(parts[0] == "/pb?cid=q%20%26%20a&payout=1.25")
            #expect(
                parts.last
                    == (try Signatures.hmacHex(key: "query passphrase", parts[0], in: scenario.folder))
            )
            #expect(worker.stop() == 0)
            for secret in keys + ["query passphrase"] { #expect(!worker.logText.contains(secret)) }
        }
    }

    @Test("a sample takes the same conversions when they come again, and what each rule keeps back is counted")
    func sampled() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes(["1": #"{ global: { url: "TRACKER/pb?cid={{click_id}}", sample: 0.5 } }"#])
            let worker = try scenario.startWorker()
            let messages = Conversions.messages(60, prefix: "s")
            try scenario.publish(messages)
            try eventually("all are over") { try self.settled(worker) == 60 }
            let first = try scenario.tracker.requests().map(\.click)
            #expect((10...50).contains(first.count))
            try scenario.publish(messages)
            try eventually("all are over again") { try self.settled(worker) == 120 }
            let both = try scenario.tracker.requests().map(\.click)
            #expect(both.dropFirst(first.count).sorted() == first.sorted())
            #expect(try worker.metric(#"filtered_total{rule="sample"}"#) == 2 * (60 - first.count))
            #expect(try worker.metric(#"events_total{outcome="filtered"}"#) == 2 * (60 - first.count))
        }
    }

    private func settled(_ worker: WorkerUnderTest) throws -> Int {
        let metrics = try worker.metrics()
        return Int(metrics.filter { $0.key.hasPrefix("postback_events_total") }.values.reduce(0, +))
    }

    @Test("fallback and additive send what matches, and count every rule that kept a postback back")
    func modes() throws {
        let scopes = """
            global: { url: "TRACKER/global?cid={{click_id}}" }, \
            offers: { "5": { url: "TRACKER/offer?cid={{click_id}}", when: { types: [sale], min_payout: 2 } } }, \
            smartlinks: { "7": { url: "TRACKER/link?cid={{click_id}}", when: { statuses: [approved], countries: [DE] } }, \
            "8": { suppress: true } }
            """
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "falling": "{ mode: fallback, \(scopes) }", "adding": "{ mode: additive, \(scopes) }",
                "overriding": "{ \(scopes) }",
            ])
            let worker = try scenario.startWorker()
            let place = #","offer_id":"5","smartlink_id":"7""#
            let events: [(name: String, more: String, falling: [String], adding: [String], overriding: [String])] = [
                (
                    "all", #","country":"de","type":"sale","payout":{"amount":"2"}"#, ["link"],
                    ["global", "link", "offer"], ["link"]
                ),
                (
                    "country", #","country":"US","type":"sale","payout":{"amount":"2"}"#, ["offer"],
                    ["global", "offer"], []
                ),
                ("type", #","country":"US","type":"lead","payout":{"amount":"2"}"#, ["global"], ["global"], []),
                ("payout", #","status":"hold","type":"sale","payout":{"amount":"1"}"#, ["global"], ["global"], []),
            ]
            let publishers = ["falling", "adding", "overriding"]
            for publisher in publishers {
                try scenario.publish(
                    events.map {
                        Conversions.message("\(publisher)-\($0.name)", publisher: publisher, more: place + $0.more)
                    }
                )
            }
            // Additive: the smartlink says nothing of its own, and what stands behind it is not asked.
            try scenario.publish([
                Conversions.message("adding-quiet", publisher: "adding", more: #","smartlink_id":"8""#)
            ])
            try eventually("all are over") { try self.settled(worker) == 3 * events.count + 1 }
            let requests = try scenario.tracker.requests()
            for event in events {
                for (publisher, wanted) in zip(publishers, [event.falling, event.adding, event.overriding]) {
                    let sent = requests.filter { $0.click == "\(publisher)-\(event.name)" }.map { $0.path.dropFirst() }
                    #expect(sent.sorted() == wanted.map { $0[...] }, "\(publisher)-\(event.name)")
                }
            }
            let expected = [
                // Three publishers each, in `overriding` the smartlink alone is asked.
                "country": 6, "status": 3, "type": 2, "min_payout": 2, "max_payout": 0, "sample": 0, "suppress": 1,
            ]
            for (rule, count) in expected {
                #expect(try worker.metric("filtered_total{rule=\"\(rule)\"}") == count, "\(rule)")
            }
            #expect(try worker.metric(#"events_total{outcome="filtered"}"#) == 3)
            #expect(try worker.metric(#"events_total{outcome="suppressed"}"#) == 1)
        }
    }
}
