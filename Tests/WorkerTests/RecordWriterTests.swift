import Conversion
import Foundation
import TestSupport
import Testing

@testable import Worker

@Suite struct RecordWriterTests {
    private static let now: Int64 = 1_700_000_000_123

    private func message(_ text: String) throws -> InboundMessage {
        let message = InboundMessage()
        try message.event.decode(Array(text.utf8).span)
        return message
    }

    private func write(_ record: DeliveryRecord, _ message: InboundMessage, replica: String = "w1") throws -> String {
        var writer = RecordWriter(replica: replica)
        var bytes: [UInt8] = []
        let fits = writer.write(record, message, into: &bytes)
        #expect(fits)
        let text = try #require(String(validating: bytes, as: UTF8.self))
        #expect(!text.contains("\n"))
        #expect(try DeliverySchema().failures(in: text) == [])
        return text
    }

    @Test func `A delivered attempt says what there is to say`() throws {
        var record = DeliveryRecord(at: Self.now, verdict: "delivered", end: .delivered)
        record.route = Array("e1/1001/global/default".utf8)
        record.routeStart = 3
        record.host = Array("t.example".utf8)
        record.urlOrigin = Array("https://t.example".utf8)
        record.urlRest = Array("/pb?cid=c1".utf8)
        var attempt = DeliveryRecord.Attempt()
        attempt.status = 200
        attempt.peer = Array("203.0.113.7".utf8)
        attempt.sends = 1
        attempt.bytes = 2
        attempt.timings = .init(queue: 412, connect: 20_000, firstByte: 35_200, total: 55_300)
        record.attempt = attempt
        let event = try message(
            #"{"id":"e1","publisher_id":1001,"offer_id":7,"click_id":"c1","occurred_at":"2023-11-14T22:13:15Z","test":true}"#
        )
        #expect(
            try write(record, event)
                == #"{"kind":"attempt","at":"2023-11-14T22:13:20.123Z","event_id":"e1","publisher_id":"1001","offer_id":"7","#
                + #""type":"conversion","status_of_event":"approved","route":"1001/global/default","verdict":"delivered","#
                + #""end":"delivered","attempt":1,"status":200,"host":"t.example","url":"https://t.example/pb?cid=c1","#
                + #""peer":"203.0.113.7","sends":1,"ms":{"queue":0.412,"connect":20,"first_byte":35.200,"total":55.300},"#
                + #""bytes":2,"age_ms":5123,"replica":"w1","test":true}"#
        )
    }

    @Test func `What was not sent says why, and an invalid event tells nothing of itself`() throws {
        var record = DeliveryRecord(at: Self.now, verdict: "invalid_event", end: .deadLetter(reason: "invalid_event"))
        record.hasEvent = false
        record.reason = "$.id: missing \"id\"\n"
        let text = try write(record, try message(#"{"id":"of another","publisher_id":"1"}"#), replica: "a\"b\u{0}")
        #expect(
            text
                == #"{"kind":"not_sent","at":"2023-11-14T22:13:20.123Z","verdict":"invalid_event","#
                + #""reason":"$.id: missing \"id\"\n","end":"dead_letter","dead_letter":"invalid_event","replica":"a\"b\u0000"}"#
        )
    }

    @Test func `Hostile values stay inside their strings`() throws {
        let hostile = #"a\"},{\\\u0000\u0001\u001f€😀"#
        var record = DeliveryRecord(at: Self.now, verdict: "retry", end: .retry(at: Self.now + 1000))
        record.reason = "\"},{\\\u{0}\r\n"
        record.route = Array("1/global/x".utf8)
        record.host = Array("h".utf8)
        record.urlRest = Array(UInt8(0)...255)
        record.replay = Array(UInt8(0)...255)
        var attempt = DeliveryRecord.Attempt()
        attempt.error = "\"\\\u{7F}"
        attempt.answer = Array(UInt8(0)...255) + [0xE2, 0x82]
        record.attempt = attempt
        let event = try message(#"{"id":"e","publisher_id":"p","type":"\#(hostile)"}"#)
        let text = try write(record, event)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["reason"] as? String == record.reason)
        #expect(object["error"] as? String == attempt.error)
        #expect(object["next_at"] as? String == "2023-11-14T22:13:21.123Z")
        #expect(object["type"] as? String == "a\"},{\\\u{0}\u{1}\u{1f}€😀")
        #expect((object["answer"] as? String)?.contains("\u{FFFD}") == true)
    }

    @Test func `Huge values are cut, and the record fits a frame`() throws {
        var record = DeliveryRecord(at: Self.now, verdict: "rejected", end: .deadLetter(reason: "rejected"))
        let huge = [UInt8](repeating: 1, count: 300_000)
        record.reason = String(repeating: "\u{1}", count: 300_000)
        record.rule = "type"
        record.route = huge
        record.host = huge
        record.urlOrigin = Array("https://h".utf8)
        record.urlRest = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
        record.replay = huge
        var attempt = DeliveryRecord.Attempt()
        attempt.number = .max
        attempt.error = record.reason
        attempt.peer = huge
        attempt.answer = huge
        attempt.bytes = .max
        attempt.timings = .init(queue: .max, dns: .max, connect: .max, tls: .max, firstByte: .max, total: .max)
        record.attempt = attempt
        let id = String(repeating: "€", count: 200)
        let event = try message(
            #"{"id":"\#(id)","publisher_id":"\#(id)","offer_id":"\#(id)","smartlink_id":"\#(id)","type":"x"}"#
        )
        let text = try write(record, event, replica: String(repeating: "r", count: 100_000))
        #expect(text.utf8.count < 64 << 10)
        #expect(text.contains(id))
        #expect(text.contains("xxx…\""))
    }
}
