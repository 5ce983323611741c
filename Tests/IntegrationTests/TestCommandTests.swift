import Foundation
import TestSupport
import Testing

/// `postback test`: one conversion, sent once, now, without a broker.
@Suite(.light, .timeLimit(Patience.limit))
struct TestCommandTests {
    /// A folder with routes of publisher 1 to a tracker, and the tracker.
    private struct Surroundings {
        let folder: TestFolder
        let tracker: TrackerUnderTest

        init(_ routes: String, configuration: String = "egress: { allow_private: true, ports: [\"1-65535\"] }\n") throws
        {
            folder = try TestFolder()
            tracker = try TrackerUnderTest(in: folder)
            let text = "publishers:\n  \"1\": { global: { \(routes) } }\n"
            try folder.write(text.replacingOccurrences(of: "TRACKER", with: tracker.origin), to: "routes.yaml")
            try folder.write(configuration, to: "postback.yaml")
        }

        func test(_ arguments: String..., input: String? = nil) throws -> CommandRun {
            let arguments =
                ["test"] + (arguments.contains("--route") || input != nil ? [] : ["--publisher", "1"]) + arguments
            return try CommandRun(arguments, in: folder, input: input, environment: ["TEST_PARTNER": "hush-hush"])
        }

        func end() {
            tracker.stop()
            folder.remove()
        }
    }

    private func object(_ text: String) -> [String: Any]? {
        try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    }

    @Test("what an answer repeats of our secrets is not shown, as text and as JSON")
    func echoes() throws {
        // Every byte encoded: the URL itself does not show what the receiver will say.
        let answer = "no hush-hush-1".utf8.map { "%" + String($0, radix: 16) }.joined()
        let surroundings = try Surroundings(
            "url: \"TRACKER/status/302/body/\(answer)?cid={{click_id}}&token=hush-hush-1&location=/x%3Fa%3D{{click_id}}\", "
                + "success: { body_contains: fine }"
        )
        defer { surroundings.end() }
        for arguments in [[], ["--json"]] {
            let run = try CommandRun(
                ["test", "--publisher", "1", "--click-id", "click-1"] + arguments,
                in: surroundings.folder
            )
            #expect(run.exitCode == 1)
            #expect(run.output.contains("no ***"), "\(run.output)")
            #expect(!run.output.contains("hush-hush"), "\(run.output)")
            #expect(run.output.contains("/x?a=click-1"), "\(run.output)")
        }
        #expect(try surroundings.tracker.requests().allSatisfy { $0.query["token"] == "hush-hush-1" })
    }

    @Test(
        "verdict, reason, what comes next and the exit code are those of the worker",
        arguments: [
            (
                "url: \"TRACKER/pb?cid={{click_id}}\"", 0, "delivered", "nothing: it is over",
                "status 200 from 127.0.0.1"
            ),
            (
                "url: \"TRACKER/status/404?cid={{click_id}}\"", 1, "rejected", "dead letter, reason rejected",
                "404 Not Found"
            ),
            (
                "url: \"TRACKER/status/302?cid={{click_id}}&location=/x\"", 1, "rejected", "reason rejected",
                "location: /x"
            ),
            (
                "url: \"TRACKER/status/503?cid={{click_id}}&retry_after=60\"", 1, "retry",
                "try again in 1m (attempt 2 of 12)", "status 503"
            ),
            (
                "url: \"TRACKER/hang?cid={{click_id}}\", timeout: 2s", 1, "unknown_outcome",
                "try again in 5s (attempt 2 of 12)", "answer: none from 127.0.0.1"
            ),
            (
                "url: \"TRACKER/pb?cid={{click_id}}\", success: { body_contains: fine }", 1, "rejected",
                "reason rejected",
                "does not hold \\\"fine\\\""
            ),
            (
                "url: \"TRACKER/body/known?cid={{click_id}}\", duplicate: { body_contains: known }", 0, "duplicate",
                "nothing: it is over", "known"
            ),
            ("url: \"http://nope.onion/{{click_id}}\"", 1, "retry", "attempt 2 of 12", "answer: none"),
            (
                "url: \"TRACKER/pb?cid={{click_id}}\", delay: 90s, retry: { attempts: 1 }", 0, "delivered",
                "it is over",
                "its delay of 1m 30s is not waited for"
            ),
        ] as [(String, Int32, String, String, String)]
    )
    func verdicts(routes: String, exitCode: Int32, verdict: String, next: String, part: String) throws {
        let surroundings = try Surroundings(routes)
        defer { surroundings.end() }
        let run = try surroundings.test()
        #expect(run.exitCode == exitCode, "\(run.errors)")
        #expect(run.output.contains("1/global/default: \(verdict)\n"), "\(run.output)")
        #expect(run.output.contains("a worker would next: "))
        #expect(run.output.contains(next), "\(run.output)")
        #expect(run.output.contains(part.replacingOccurrences(of: "\\\"", with: "\"")), "\(run.output)")
        #expect(run.output.contains("timings: "))
        let json = try #require(object(try surroundings.test("--json").output))
        #expect(json["ok"] as? Bool == (exitCode == 0))
        let deliveries = try #require(json["deliveries"] as? [[String: Any]])
        let attempt = try #require(deliveries.first?["attempt"] as? [String: Any])
        #expect(attempt["verdict"] as? String == verdict)
        let times = try #require(attempt["microseconds"] as? [String: Int])
        #expect((times["total"] ?? 0) > 0)
        let expected = verdict == "retry" && routes.contains("nope") ? 0 : 2
        #expect(try surroundings.tracker.total() == expected)
    }

    @Test("a destination that the egress policy forbids gets nothing: by address, by port, and by the name's address")
    func blocked() throws {
        for (url, configuration, reason) in [
            ("TRACKER/{{click_id}}", "egress: { ports: [\"1-65535\"] }", "127.0.0.1 is loopback"),
            ("TRACKER/{{click_id}}", "egress: { allow_private: true, ports: [443] }", "is not among egress.ports"),
            ("http://localhost:PORT/{{click_id}}", "egress: { ports: [\"1-65535\"] }", "127.0.0.1 is loopback"),
        ] {
            let surroundings = try Surroundings("url: \"\(url)\"", configuration: configuration)
            defer { surroundings.end() }
            let routes = surroundings.folder.read("routes.yaml")
            let port = "\(surroundings.tracker.port)"
            try surroundings.folder.write(routes.replacingOccurrences(of: "PORT", with: port), to: "routes.yaml")
            let run = try surroundings.test()
            #expect(run.exitCode == 1)
            #expect(run.output.contains("blocked"), "\(run.output)")
            #expect(run.output.contains(reason), "\(run.output)")
            #expect(try surroundings.tracker.total() == 0)
        }
    }

    @Test("a dry run shows the request and sends nothing; exit code 1 when it could not be sent")
    func dryRun() throws {
        let surroundings = try Surroundings("url: \"TRACKER/pb?cid={{click_id}}&c={{country}}\"")
        defer { surroundings.end() }
        let run = try surroundings.test("--dry-run", "--click-id", "mine", "--country", "DE")
        #expect(run.exitCode == 0)
        #expect(run.output.contains("GET \(surroundings.tracker.origin)/pb?cid=mine&c=DE HTTP/1.1"), "\(run.output)")
        #expect(run.output.hasSuffix("Nothing was sent: a dry run\n"))
        let empty = try surroundings.test("--dry-run", "--click-id", "")
        #expect(empty.exitCode == 1)
        #expect(empty.output.contains("missing_token"))
        #expect(try surroundings.tracker.total() == 0)
    }

    @Test("a negative payout is a payout, and the conversion is an object of the JSON as it was sent")
    func conversion() throws {
        let surroundings = try Surroundings("url: \"TRACKER/pb?cid={{click_id}}&p={{payout}}\"")
        defer { surroundings.end() }
        let event = #"{"id":"e","publisher_id":"1","click_id":"c","sub_ids":{"someName":"x"},"parameters":{"n":0.10}}"#
        let run = try surroundings.test("--event", "-", "--payout", "-1.5", "--dry-run", "--json", input: event)
        #expect(run.exitCode == 0, "\(run.errors)")
        let report = try #require(object(run.output))
        #expect(report["dry_run"] as? Bool == true)
        let shown = try #require(report["event"] as? [String: Any])
        #expect(shown["payout"] as? [String: String] == ["amount": "-1.5"])
        #expect(shown["sub_ids"] as? [String: String] == ["someName": "x"])
        #expect(shown["test"] as? Bool == true)
        #expect(run.output.contains("/pb?cid=c&p=-1.5"), "\(run.output)")
    }

    @Test("a missing secret stops only what needs it, and a dry run does without")
    func missingSecret() throws {
        let routes = """
            url: "TRACKER/a?cid={{click_id}}" }, offers: {
            "5": { url: "TRACKER/b?cid={{click_id}}&h={{ click_id | hmac_sha256:'partner' }}" }
            """
        let surroundings = try Surroundings(
            routes,
            configuration: """
                egress: { allow_private: true, ports: ["1-65535"] }
                secrets: { partner: { env: TEST_NOWHERE } }
                """
        )
        defer { surroundings.end() }
        let global = try surroundings.test()
        #expect(global.exitCode == 0, "\(global.errors)\(global.output)")
        #expect(global.errors.contains("postback.yaml:2:12: warning: secrets.partner: "), "\(global.errors)")
        let offer = try surroundings.test("--offer", "5")
        #expect(offer.exitCode == 2)
        #expect(offer.errors.contains("1/offers/5/default needs a secret that is missing"), "\(offer.errors)")
        let dry = try surroundings.test("--offer", "5", "--dry-run")
        #expect(dry.exitCode == 0 && dry.output.contains("&h=*** "), "\(dry.errors)\(dry.output)")
        #expect(try surroundings.tracker.total() == 1)
    }

    @Test("a body that the mask made shorter is still whole")
    func shortened() throws {
        let surroundings = try Surroundings(
            "url: \"TRACKER/status/200/body/hush-hush?cid={{click_id}}&token=hush-hush\""
        )
        defer { surroundings.end() }
        let run = try surroundings.test()
        #expect(run.output.contains("    ***\n"), "\(run.output)")
        #expect(!run.output.contains("..."), "\(run.output)")
    }

    @Test("the request is the one that was shown, header by header, and carries the values of the options")
    func request() throws {
        let surroundings = try Surroundings(
            """
            url: "TRACKER/pb?cid={{click_id}}&key=hush-hush", method: POST, content_type: application/json,
            headers: { X-Offer: "{{offer_id}}", Authorization: "Bearer hush-hush" },
            body: '{"p": {{payout}}, "c": "{{currency}}", "t": "{{type}}", "s": "{{status}}", "test": {{test}}}',
            sign: { scheme: standard-webhooks, secret: partner }
            """,
            configuration: """
                egress: { allow_private: true, ports: ["1-65535"] }
                secrets: { partner: { env: TEST_PARTNER } }
                """
        )
        defer { surroundings.end() }
        let run = try surroundings.test(
            "--offer",
            "5512",
            "--click-id",
            "c é",
            "--payout",
            "2.50",
            "--currency",
            "EUR",
            "--type",
            "sale",
            "--status",
            "pending",
            "--json"
        )
        #expect(run.exitCode == 0, "\(run.errors)\(run.output)")
        #expect(!run.output.contains("hush-hush"))
        let deliveries = try #require(object(run.output)?["deliveries"] as? [[String: Any]])
        let shown = try #require((deliveries.first?["delivery"] as? [String: Any])?["request"] as? [String: Any])
        let request = try #require(try surroundings.tracker.requests().first)
        #expect(request.body == #"{"p": 2.50, "c": "EUR", "t": "sale", "s": "pending", "test": true}"#)
        #expect(shown["body"] as? String == request.body)
        #expect(request.target == "/pb?cid=c%20%C3%A9&key=hush-hush")
        #expect(shown["url"] as? String == "\(surroundings.tracker.origin)/pb?cid=c%20%C3%A9&key=***")
        let headers = try #require(shown["headers"] as? [[String: String]])
        var seen: [String: String] = [:]
        for header in headers { seen[(header["name"] ?? "").lowercased()] = header["value"] }
        var sent = request.headers
        #expect(sent["authorization"] == "Bearer hush-hush" && seen["authorization"] == "***")
        #expect(sent["webhook-signature"]?.hasPrefix("v1,") == true && seen["webhook-signature"] == "***")
        for name in ["authorization", "webhook-signature"] {
            sent[name] = nil
            seen[name] = nil
        }
        #expect(sent == seen)
        #expect(sent["idempotency-key"]?.hasPrefix("test-") == true)
    }

    @Test("a list is sent one by one, and --route sends one of it, whatever its rules say")
    func routes() throws {
        let surroundings = try Surroundings("url: x")
        defer { surroundings.end() }
        try surroundings.folder.write(
            """
            publishers:
              "1":
                offers:
                  "5512":
                    - { name: good, url: "TRACKER/good?cid={{click_id}}" }
                    - { name: bad, url: "TRACKER/status/410?cid={{click_id}}" }
                    - { name: other, url: "TRACKER/other?cid={{click_id}}", when: { countries: [DE] } }
            """.replacingOccurrences(of: "TRACKER", with: surroundings.tracker.origin),
            to: "routes.yaml"
        )
        let all = try surroundings.test("--offer", "5512")
        #expect(all.exitCode == 1)
        #expect(
            all.output.contains("1/offers/5512/good: delivered") && all.output.contains("1/offers/5512/bad: rejected")
        )
        #expect(try surroundings.tracker.requests().map(\.path) == ["/good", "/status/410"])
        let one = try surroundings.test("--route", "1/offers/5512/other")
        #expect(one.exitCode == 0, "\(one.errors)")
        #expect(one.output.contains("left out by its rules when it is not tested: when.countries"), "\(one.output)")
        #expect(try surroundings.tracker.requests().map(\.path).last == "/other")
        let none = try surroundings.test("--offer", "1")
        #expect(none.exitCode == 1)
        #expect(none.output.contains("Nothing was sent: the publisher has no postback"), "\(none.output)")
        for arguments in [
            ["1/offers/5512/nope"], ["2/global/default"], ["junk"], ["1/offers/5512/good", "--offer", "7"],
        ] {
            let run = try CommandRun(["test", "--route"] + arguments, in: surroundings.folder)
            #expect(run.exitCode == 2)
            #expect(run.errors.contains("--route: "), "\(run.errors)")
        }
        #expect(try surroundings.tracker.total() == 3)
    }

    @Test("an event from a file is sent with a new id, and the options go before it")
    func eventFile() throws {
        let surroundings = try Surroundings(
            "url: \"TRACKER/pb?cid={{click_id}}&p={{payout}}&s={{sub_ids.s1}}&e={{event_id}}&c={{country}}\""
        )
        defer { surroundings.end() }
        let more = #","payout":{"amount":1.10,"currency":"EUR"},"sub_ids":{"s1":"a b"},"country":"US""#
        let event = Conversions.event("old", click: "c9", more: more)
        let run = try surroundings.test("--event", "-", "--country", "AT", input: event)
        #expect(run.exitCode == 0, "\(run.errors)\(run.output)")
        let request = try #require(try surroundings.tracker.requests().first)
        #expect(request.query["cid"] == "c9")
        #expect(request.query["p"] == "1.10")
        #expect(request.query["s"] == "a b")
        #expect(request.query["c"] == "AT")
        #expect(request.query["e"]?.hasPrefix("test-") == true)
        let bad = try surroundings.test("--event", "-", input: "{}")
        #expect(bad.exitCode == 2)
        #expect(bad.errors.contains("standard input: $.id: "), "\(bad.errors)")
    }

    @Test(
        "a wrong option ends with exit code 2 and says what is wrong",
        arguments: [
            (["test"], "--publisher"), (["test", "--publisher", "1", "--payout", "lots"], "$.payout.amount"),
            (["test", "--publisher", "1", "--currency", "euro"], "$.payout.currency"),
            (["test", "--publisher", "1", "--status", "done"], "approved, pending, rejected, hold, reversed"),
            (["test", "--publisher", ""], "$.publisher_id"),
        ]
    )
    func usage(arguments: [String], part: String) throws {
        let surroundings = try Surroundings("url: \"TRACKER/{{click_id}}\"")
        defer { surroundings.end() }
        let run = try CommandRun(arguments, in: surroundings.folder)
        #expect(run.exitCode == 2)
        #expect(run.errors.contains(part), "\(run.errors)")
        #expect(try surroundings.tracker.total() == 0)
    }

    @Test("the request of a test is the worker's for the same event, but for its id")
    func sameAsWorker() throws {
        try Scenario.run { scenario in
            let routes = """
                { global: { url: "TRACKER/pb?cid={{click_id}}&p={{payout}}", method: PUT,
                content_type: application/x-www-form-urlencoded, body: "a={{click_id}}", headers: { X-Own: "{{type}}" } } }
                """
            try scenario.writeRoutes(["1": routes.replacingOccurrences(of: "\n", with: " ")])
            let worker = try scenario.startWorker()
            let event = Conversions.event("real", click: "c 1", more: #","payout":{"amount":"1.5","currency":"EUR"}"#)
            try scenario.publish([TestMessage(event)])
            try scenario.waitForRequests(1)
            #expect(worker.stop() == 0)
            let run = try CommandRun(["test", "--event", "-"], in: scenario.folder, input: event)
            #expect(run.exitCode == 0, "\(run.errors)\(run.output)")
            let requests = try scenario.tracker.requests()
            try #require(requests.count == 2)
            #expect(requests[0].target == requests[1].target)
            #expect(requests[0].method == requests[1].method)
            #expect(requests[0].body == requests[1].body)
            var (theirs, ours) = (requests[0].headers, requests[1].headers)
            #expect(theirs.removeValue(forKey: "idempotency-key") == "real/1/global/default")
            #expect(ours.removeValue(forKey: "idempotency-key")?.hasSuffix("/1/global/default") == true)
            #expect(theirs == ours)
        }
    }
}
