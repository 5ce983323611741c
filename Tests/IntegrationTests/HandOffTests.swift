import Foundation
import TestSupport
import Testing

/// What a message looks like on its way to another queue (CONTRACT section 4).
@Suite(.light, .timeLimit(Patience.limit))
struct HandOffTests {
    /// Odd, but an event: nothing of it may be written anew.
    private static let oddBody = Array(
        "{ \"id\" : \"b\\u00e9\\/1\",\n\t\"publisher_id\":1 , \"click_id\":\"c\\u002d1\",\"x\":{\"a\":[1, 2.50,1e3,\"\\ud83d\\ude00\"]},\r\n  \"payout\":{\"amount\":1.250,\"currency\":\"EUR\"} }\r\n "
            .utf8
    )

    @Test("a retry carries exactly the headers of the contract, and the network's body byte for byte")
    func retry() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/status/503/retry-after/3600?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            let before = Date()
            try scenario.publish([TestMessage(Self.oddBody)])
            let message = try scenario.retryMessage(rung: 2048)
            #expect(message.body == Self.oddBody)
            #expect(message.contentType == "application/json")
            #expect(message.deliveryMode == 2)
            #expect(
                workerHeaders(message) == [
                    "x-postback-attempt", "x-postback-first-attempt-at", "x-postback-history", "x-postback-last-error",
                    "x-postback-last-status", "x-postback-not-before", "x-postback-route",
                ]
            )
            #expect(message.text("x-postback-route") == "1/global/default")
            #expect(message.number("x-postback-attempt") == 1)
            #expect(message.number("x-postback-last-status") == 503)
            #expect(message.text("x-postback-last-error") == "status 503")
            let first = try #require(time(message.text("x-postback-first-attempt-at")))
            // In whole milliseconds.
            #expect(first >= before - 0.001 && first <= Date())
            let due = try #require(time(message.text("x-postback-not-before")))
            #expect(due.timeIntervalSince(first) >= 3600)
            #expect(due <= Date() + 3601)
            let history = try history(message)
            #expect(history.count == 1)
            #expect(history[0]["attempt"] as? Int == 1)
            #expect(history[0]["status"] as? Int == 503)
            #expect(history[0]["at"] as? String == message.text("x-postback-first-attempt-at"))
            #expect(history[0]["ms"] as? Int != nil)
            #expect(try worker.metric("retries_total") == 1)
        }
    }

    @Test("a dead letter says why, where to, when and after which attempts, and hides the secrets of its URL")
    func deadLetter() throws {
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "3"
            let url = "TRACKER/status/500/pb?cid={{click_id}}&token=hush-hush&n={{attempt}}"
            try scenario.writeRoutes(["1": Scenario.global(url)])
            _ = try scenario.startWorker()
            try scenario.publish([TestMessage(Self.oddBody)])
            let letter = try #require(try scenario.deadLetters(1).first)
            #expect(letter.body == Self.oddBody)
            #expect(
                workerHeaders(letter) == [
                    "x-postback-attempt", "x-postback-failed-at", "x-postback-first-attempt-at", "x-postback-history",
                    "x-postback-last-error", "x-postback-last-status", "x-postback-reason", "x-postback-route",
                    "x-postback-template", "x-postback-url",
                ]
            )
            #expect(letter.text("x-postback-reason") == "exhausted")
            #expect(letter.text("x-postback-route") == "1/global/default")
            #expect(letter.number("x-postback-attempt") == 3)
            #expect(letter.number("x-postback-last-status") == 500)
            let origin = scenario.tracker.origin
            #expect(letter.text("x-postback-url") == origin + "/status/500/pb?cid=c-1&token=***&n=3")
            #expect(
                letter.text("x-postback-template") == origin + "/status/500/pb?cid={{click_id}}&token=***&n={{attempt}}"
            )
            let first = try #require(time(letter.text("x-postback-first-attempt-at")))
            let failed = try #require(time(letter.text("x-postback-failed-at")))
            #expect(failed.timeIntervalSince(first) >= 2)
            let history = try history(letter)
            #expect(history.map { $0["attempt"] as? Int } == [1, 2, 3])
            #expect(history.map { $0["status"] as? Int } == [500, 500, 500])
            #expect(
                letter.headers?.contains { $0.name.hasPrefix("x-death") || $0.name.hasPrefix("x-first-death") } == false
            )
        }
    }

    @Test("the network's own properties and headers stay; what would re-route, expire or refuse the message goes")
    func properties() throws {
        let nested = AMQPValue.table([
            AMQPField("partner", .text("ä")), AMQPField("ids", .array([.long(1), .text("2"), .boolean(true)])),
            AMQPField("when", .timestamp(1_700_000_000)), AMQPField("rate", .double(0.25)), AMQPField("none", .void),
        ])
        var message = TestMessage(Self.oddBody)
        message.headers = [
            AMQPField("x-network-trace", .text("abc")), AMQPField("nested", nested), AMQPField("number", .int(-7)),
            AMQPField("CC", .array([.text("elsewhere")])), AMQPField("BCC", .array([.text("elsewhere")])),
            AMQPField("x-death", .array([.table([AMQPField("count", .long(3))])])),
            AMQPField("x-first-death-queue", .text("old")), AMQPField("x-delivery-count", .long(5)),
        ]
        message.messageID = "m-1"
        message.correlationID = "corr-1"
        message.appID = "network"
        message.type = "conversion.v1"
        message.timestamp = 1_700_000_001
        message.contentEncoding = "identity"
        message.replyTo = "answers"
        message.priority = 3
        message.expiration = "600000"
        message.userID = "guest"
        try Scenario.run { scenario in
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/status/404/pb?cid={{click_id}}")])
            _ = try scenario.startWorker()
            try scenario.publish([message])
            let letter = try #require(try scenario.deadLetters(1).first)
            #expect(letter.body == Self.oddBody)
            #expect(letter.messageID == "m-1")
            #expect(letter.correlationID == "corr-1")
            #expect(letter.appID == "network")
            #expect(letter.type == "conversion.v1")
            #expect(letter.timestamp == 1_700_000_001)
            #expect(letter.contentEncoding == "identity")
            #expect(letter.replyTo == "answers")
            #expect(letter.priority == 3)
            #expect(letter.expiration == nil)
            #expect(letter.userID == nil)
            #expect(letter.deliveryMode == 2)
            // A quorum queue counts for itself: not the 5 that the network claimed.
            #expect(letter.number("x-delivery-count") ?? 0 == 0)
            let own = (letter.headers ?? [])
                .filter { !$0.name.hasPrefix("x-postback-") && $0.name != "x-delivery-count" }
                .sorted { $0.name < $1.name }
            #expect(
                own == [
                    AMQPField("nested", nested), AMQPField("number", .int(-7)),
                    AMQPField("x-network-trace", .text("abc")),
                ]
            )
        }
    }

    @Test("Idempotency-Key and traceparent go out, the same key on every try; a hostile traceparent does not")
    func requestHeaders() throws {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        try Scenario.run { scenario in
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}")])
            _ = try scenario.startWorker()
            try scenario.publish([
                TestMessage(Conversions.event("ev 1/ü", click: "a"), headers: [AMQPField("traceparent", .text(trace))]),
                TestMessage(
                    Conversions.event("ev2", click: "b"),
                    headers: [AMQPField("traceparent", .text(trace.dropLast(2) + "\r\nX-Evil: 1"))]
                ),
            ])
            try scenario.waitForRequests(4)
            let requests = try scenario.tracker.requests()
            let first = requests.filter { $0.click == "a" }
            #expect(
                first.map { $0.headers["idempotency-key"] }
                    == Array(repeating: "ev%201/%C3%BC/1/global/default", count: 2)
            )
            #expect(first.map { $0.headers["traceparent"] } == [trace, trace])
            let second = requests.filter { $0.click == "b" }
            #expect(second.map { $0.headers["idempotency-key"] } == ["ev2/1/global/default", "ev2/1/global/default"])
            #expect(second.allSatisfy { $0.headers["traceparent"] == nil && $0.headers["x-evil"] == nil })
        }
    }

    /// The worker's own headers, but for the number by which it recognises returned messages.
    private func workerHeaders(_ message: TestMessage) -> [String] {
        (message.headers ?? []).map(\.name).filter { $0.hasPrefix("x-postback-") && $0 != "x-postback-publish-id" }
            .sorted()
    }

    private func history(_ message: TestMessage) throws -> [[String: Any]] {
        let text = try #require(message.text("x-postback-history"))
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    }

    private func time(_ text: String?) -> Date? {
        text.flatMap { try? Date($0, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
    }
}
