import Foundation
import TestSupport
import Testing

/// How answers are judged, by the worker, against a tracker that answers as it is told.
@Suite(.light, .timeLimit(Patience.limit))
struct AnswerRuleTests {
    private enum End {
        case delivered
        case duplicate
        /// A dead letter whose error holds this.
        case rejected(String)
    }

    private struct Case {
        let name: String
        /// The fields of the postback; `BODY(text)` becomes a URL that is answered with the text.
        let fields: String
        let end: End

        init(_ name: String, _ fields: String, _ end: End) {
            self.name = name
            self.fields = fields
            self.end = end
        }

        /// A tracker answers with what its path or its query says.
        var route: String {
            var text = fields
            while let start = text.firstRange(of: "BODY("), let end = text[start.upperBound...].firstRange(of: ")BODY")
            {
                let body = encoded(String(text[start.upperBound..<end.lowerBound]))
                text.replaceSubrange(
                    start.lowerBound..<end.upperBound,
                    with: "url: \"TRACKER/body/\(body)/x?cid={{click_id}}\""
                )
            }
            return "{ global: { \(text) } }"
        }
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }

    private static let cases = [
        Case("status", #"url: "TRACKER/status/202?cid={{click_id}}", success: { status: [202] }"#, .delivered),
        Case(
            "status-other",
            #"url: "TRACKER/pb?cid={{click_id}}", success: { status: [201-204] }"#,
            .rejected("success asks for 201-204")
        ),
        Case("contains", "BODY(all OK)BODY, success: { body_contains: OK }", .delivered),
        Case(
            "contains-not",
            "BODY(click unknown)BODY, success: { body_contains: OK }",
            .rejected(#"does not hold "OK", which body_contains asks for: click unknown"#)
        ),
        Case("lacks", "BODY(fine)BODY, success: { body_lacks: [ERROR, error] }", .delivered),
        Case(
            "lacks-not",
            "BODY(ERROR: no such goal)BODY, success: { body_lacks: [ERROR, error] }",
            .rejected(#"holds "ERROR", which body_lacks forbids: ERROR: no such goal"#)
        ),
        Case(
            "pointer",
            #"BODY({"result":{"code":1}})BODY, success: { json: { pointer: /result/code, equals: 1 } }"#,
            .delivered
        ),
        Case(
            "pointer-other",
            #"BODY({"result":{"code":7,"why":"wrong click"}})BODY, success: { json: { pointer: /result/code, equals: 1 } }"#,
            .rejected(#"has "7" at /result/code, not "1""#)
        ),
        Case("duplicate-body", "BODY(already processed)BODY, duplicate: { body_contains: already }", .duplicate),
        Case(
            "duplicate-status",
            #"url: "TRACKER/status/409?cid={{click_id}}", duplicate: { status: 409 }"#,
            .duplicate
        ),
        Case(
            "duplicate-pointer",
            #"BODY({"error":"dup"})BODY, success: { body_lacks: error }, duplicate: { json: { pointer: /error, equals: dup } }"#,
            .duplicate
        ),
        Case("tune", tune("success=true;1234"), .delivered),
        Case("tune-rejects", tune("success=false;Invalid transaction"), .rejected("success=false;Invalid transaction")),
        Case("tune-knows", tune("success=false;Duplicate conversion"), .duplicate),
        Case("affise", "BODY({\"status\":1,\"message\":\"Conversion added\"})BODY, \(affise)", .delivered),
        Case(
            "affise-rejects",
            "BODY({\"status\":2,\"message\":\"Wrong clickid\"})BODY, \(affise)",
            .rejected(#""message":"Wrong clickid""#)
        ),
        Case("affise-200", "BODY({\"status\":200})BODY, \(affise)", .delivered),
        Case("affise-knows", "BODY({\"status\":2,\"message\":\"Conversion exists\"})BODY, \(affise)", .duplicate),
        Case("exoclick", exoClick("OK"), .delivered),
        Case("exoclick-rejects", exoClick("ERROR: goal not found"), .rejected("ERROR: goal not found")),
        Case("exoclick-knows", exoClick("ERROR: this tag has already been notified"), .duplicate),
    ]

    /// The catalogue's own, sent to this machine.
    private static func tune(_ body: String) -> String {
        "tracker: tune, domain: \"localhost:PORT\", scheme: http, parameters: { body: \"\(encoded(body))\" }"
    }

    private static func exoClick(_ body: String) -> String {
        "tracker: exoclick, domain: \"localhost:PORT\", scheme: http, goal: 0123456789abcdef0123456789abcdef, "
            + "parameters: { body: \"\(encoded(body))\" }"
    }

    /// The rules of the catalogue; Affise itself takes only https.
    private static let affise =
        "success: { json: { pointer: /status, differs: 2 } }, duplicate: { body_contains: Conversion exists }"

    @Test("each rule decides, a 200 that hides a rejection is one, and what is known already is delivered")
    func rules() throws {
        try Scenario.run { scenario in
            let port = "\(scenario.tracker.port)"
            try scenario.writeRoutes(
                Dictionary(
                    uniqueKeysWithValues: Self.cases.map { ($0.name, $0.route.replacing("PORT", with: port)) }
                )
            )
            let worker = try scenario.startWorker()
            try scenario.publish(Self.cases.map { Conversions.message($0.name, publisher: $0.name) })
            let ends = Self.cases.map(\.end)
            let rejections = ends.count { if case .rejected = $0 { true } else { false } }
            let duplicates = ends.count { if case .duplicate = $0 { true } else { false } }
            let letters = try scenario.deadLetters(rejections)
            #expect(letters.count == rejections)
            for entry in Self.cases {
                let letter = letters.first { $0.text("x-postback-route") == "\(entry.name)/global/default" }
                guard case .rejected(let words) = entry.end else {
                    #expect(letter == nil, "\(entry.name): \(letter?.text("x-postback-last-error") ?? "")")
                    continue
                }
                let error = letter?.text("x-postback-last-error")
                #expect(error?.contains(words) == true, "\(entry.name): \(error ?? "delivered")")
                #expect(letter?.text("x-postback-reason") == "rejected", "\(entry.name)")
                #expect(letter?.number("x-postback-last-status") == 200, "\(entry.name)")
                #expect(letter?.number("x-postback-attempt") == 1, "\(entry.name)")
            }
            try eventually("the rest is delivered") {
                try worker.metric("messages_unacknowledged") == 0
                    && worker.metric(#"deliveries_total{outcome="duplicate"}"#) == duplicates
            }
            let delivered = ends.count - rejections - duplicates
            #expect(try worker.metric(#"deliveries_total{outcome="delivered"}"#) == delivered)
            #expect(try worker.metric(#"deliveries_total{outcome="rejected"}"#) == rejections)
            #expect(try worker.metric(#"attempts_total{status_class="4xx",verdict="duplicate"}"#) == 1)
            #expect(try worker.metric(#"events_total{outcome="delivered"}"#) == delivered + duplicates)
            #expect(try scenario.tracker.total() == ends.count)
        }
    }

    @Test("secrets that an answer repeats stand neither in a dead letter nor in the log")
    func echoes() throws {
        let password = "partner-passphrase"
        // Every byte encoded: the URL itself does not show what the receiver will say.
        func answer(_ text: String) -> String {
            "url: \"TRACKER/body/bad%20" + text.utf8.map { "%" + String($0, radix: 16) }.joined() + "?cid={{click_id}}"
        }
        let fields = [
            // The receiver says what it was sent: a key in the URL, a header, a code computed with a secret.
            "key": answer("hush-hush-1") + "&api_key=hush-hush-1\"",
            "header": answer("hush-hush-2") + "\", headers: { Authorization: Bearer hush-hush-2 }",
            "code": #"url: "TRACKER/x?cid={{click_id}}&body=bad%20{{ click_id | hmac_sha256:\"partner\" }}""#,
            // And what only it and we know.
            "secret": answer("partner%2Dpassphrase")
                + "\", sign: { scheme: hmac-sha256-query, secret: partner, parameter: sig }",
        ]
        try Scenario.run { scenario in
            scenario.configuration["secrets.partner"] = "{ env: TEST_PARTNER }"
            scenario.configuration["log.level"] = "debug"
            try scenario.writeRoutes(
                fields.mapValues { "{ global: { \($0), success: { body_contains: nothing-of-the-kind } } }" }
            )
            let worker = try scenario.startWorker(environment: ["TEST_PARTNER": password])
            try scenario.publish(fields.keys.sorted().map { Conversions.message($0, publisher: $0) })
            let letters = try scenario.deadLetters(fields.count)
            let code = try Signatures.hmac(key: Array(password.utf8), "code", in: scenario.folder)
                .map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
            #expect(try scenario.tracker.requests(path: "/x").first?.query["body"] == "bad \(code)")
            let hidden = ["hush-hush", password, "partner%2Dpassphrase", code]
            for letter in letters {
                let route = letter.text("x-postback-route") ?? ""
                for name in ["last-error", "history", "url", "template"] {
                    let text = letter.text("x-postback-\(name)") ?? ""
                    #expect(!hidden.contains { text.contains($0) }, "\(route): \(text)")
                }
                #expect(letter.text("x-postback-last-error")?.hasSuffix("bad ***") == true, "\(route)")
            }
            #expect(worker.stop() == 0)
            #expect(worker.hasLogged("attempt failed"))
            #expect(!hidden.contains { worker.logText.contains($0) })
        }
    }
}
