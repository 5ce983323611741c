import TestSupport
import Testing

/// CloudEvents 1.0 in both modes of its AMQP binding.
@Suite(.light, .timeLimit(Patience.limit))
struct CloudEventTests {
    @Test("structured and binary CloudEvents are accepted, and the id falls back to the CloudEvent's")
    func accepted() throws {
        var structured = TestMessage(
            #"{"specversion":"1.0","type":"conversion","source":"/net","id":"ce-1","data":{"publisher_id":"1","click_id":"a"}}"#
        )
        structured.contentType = "application/cloudevents+json; charset=utf-8"
        func binary(_ separator: String, _ id: String, _ body: String) -> TestMessage {
            let attributes = [("specversion", "1.0"), ("type", "conversion"), ("source", "/net"), ("id", id)]
            return TestMessage(
                body,
                headers: attributes.map { AMQPField("cloudEvents\(separator)\($0.0)", .text($0.1)) }
            )
        }
        try Scenario.run { scenario in
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/pb?cid={{click_id}}&id={{event_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish([
                structured, binary(":", "ce-2", #"{"publisher_id":"1","click_id":"b"}"#),
                binary("_", "ce-3", #"{"publisher_id":"1","click_id":"c"}"#),
                binary("_", "ce-4", #"{"id":"own","publisher_id":"1","click_id":"d"}"#),
            ])
            try scenario.waitForRequests(4)
            let ids = Dictionary(
                try scenario.tracker.requests().map { ($0.click, $0.query["id"] ?? "") },
                uniquingKeysWith: { $0 + $1 }
            )
            #expect(ids == ["a": "ce-1", "b": "ce-2", "c": "ce-3", "d": "own"])
            #expect(try worker.metric(#"dead_letters_total{reason="invalid_event"}"#) == 0)
        }
    }

    @Test("a CloudEvent whose data is no conversion is dead-lettered as it came")
    func refused() throws {
        let body = #"{"specversion":"1.0","type":"t","source":"/net","id":"ce-1","data":{"click_id":"a"}}"#
        var message = TestMessage(body)
        message.contentType = "application/cloudevents+json"
        try Scenario.run { scenario in
            _ = try scenario.startWorker()
            try scenario.publish([message])
            let letter = try #require(try scenario.deadLetters(1).first)
            #expect(letter.text == body)
            #expect(letter.contentType == "application/cloudevents+json")
            #expect(letter.text("x-postback-last-error")?.contains("publisher_id") == true)
        }
    }
}
