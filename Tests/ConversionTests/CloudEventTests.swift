import Conversion
import Testing

@Suite struct CloudEventTests {
    @Test func `A structured CloudEvent is read from its data`() throws {
        let text =
            #"{"specversion":"1.0","id":"ce","source":"/n","type":"t","time":"2025-03-01T12:30:00Z","data":\#(completeEvent)}"#
        let event = try decode(text)
        #expect(event.text(.id) == "c-1")
        #expect(event.text(.type) == "sale")
        #expect(event.occurredAt == 1_740_832_200_250)
        #expect(try event.string(at: "/parameters/name") == "x")
        #expect(try event.string(at: "/data/id") == nil)
    }

    @Test(arguments: [
        #"{"specversion":"1.0","id":"ce","type":"t","time":"2025-03-01T12:30:00Z","data":{"publisher_id":1}}"#,
        #"{"data":{"publisher_id":1,"id":null},"id":"ce","status":5,"payout":true,"time":"2025-03-01T12:30:00Z","specversion":"1.0"}"#,
        #"{"data":{"publisher_id":1,"specversion":"9"},"id":"c\u0065","time":"2025-03-01T12:30:00Z","\u0073pecversion":"1.\u0030"}"#,
    ])
    func `Its id and time stand in, in any order of the attributes`(text: String) throws {
        let event = try decode(text)
        #expect(event.text(.id) == "ce")
        #expect(event.text(.publisherID) == "1")
        #expect(event.text(.type) == "conversion")
        #expect(event.text(.occurredAt) == "2025-03-01T12:30:00Z")
        #expect(event.occurredAt == 1_740_832_200_000)
    }

    @Test(arguments: [
        (#"{"specversion":"1.0","id":"1","data":{"publisher_id":1,"status":"x"}}"#, "$.data.status", "no status"),
        (#"{"specversion":"1.0","id":"1","data":{"status":"hold"}}"#, "$.data.publisher_id", "missing"),
        (#"{"specversion":"1.0","data":{"publisher_id":1}}"#, "$.data.id", "missing"),
        (#"{"specversion":"1.0","id":"1","data":{"publisher_id":1,"payout":{}}}"#, "$.data.payout.amount", "missing"),
        (#"{"specversion":"1.0","id":"","data":{"publisher_id":1}}"#, "$.id", "empty"),
        (#"{"specversion":"1.0","id":"1","time":"x","data":{"publisher_id":1}}"#, "$.time", "RFC 3339"),
        (#"{"specversion":"0.3","id":"1","data":{"publisher_id":1}}"#, "$.specversion", "\"1.0\""),
        (#"{"specversion":1.0,"id":"1","data":{"publisher_id":1}}"#, "$.specversion", "\"1.0\""),
        (#"{"specversion":"1.0","id":"1"}"#, "$.data", "missing"),
        (#"{"specversion":"1.0","id":"1","data":"{}"}"#, "$.data", "a string"),
        (#"{"specversion":"1.0","id":"1","data_base64":"e30="}"#, "$.data_base64", "into data"),
        (#"{"specversion":"1.0","id":"1","id":"2","data":{"publisher_id":1}}"#, "$.id", "twice"),
        (#"{"specversion":"1.0","id":"1","data":{"publisher_id":1,"x":[tru]}}"#, "$.data.x[0]", "not valid JSON"),
        (#"{"specversion":"1.0","id":"1","data":{"publisher_id":1}} 1"#, "$", "exactly one event"),
    ])
    func `Faults of a structured CloudEvent lead into its data`(text: String, path: String, words: String) throws {
        let found = try #require(fault(text))
        #expect(found.path == path)
        #expect(found.reason.contains(words), "\(found.reason)")
    }

    @Test func `The attributes of a binary CloudEvent stand in for what the body lacks`() throws {
        let attributes = CloudEventAttributes(
            id: Array("ce-ü".utf8),
            type: Array("t".utf8),
            source: Array("/n".utf8),
            time: Array("2025-03-01T12:30:00Z".utf8),
            datacontenttype: Array("application/json".utf8)
        )
        let filled = try decode(#"{"publisher_id":"1"}"#, cloudEvent: attributes)
        #expect(filled.text(.id) == "ce-ü")
        #expect(filled.occurredAt == 1_740_832_200_000)
        #expect(filled.text(.type) == "conversion")
        #expect(filled.storage[..<filled.bodyCount].elementsEqual(#"{"publisher_id":"1"}"#.utf8))
        let own = try decode(completeEvent, cloudEvent: attributes)
        #expect(own.text(.id) == "c-1")
        #expect(own.occurredAt == 1_740_832_200_250)
    }

    @Test func `Bad attributes are told by their header`() throws {
        let body = #"{"publisher_id":"1"}"#
        let blank = try #require(fault(body, cloudEvent: CloudEventAttributes(id: [0x20])))
        #expect(blank.path == "cloudEvents:id" && blank.reason.contains("blank"))
        let broken = try #require(fault(body, cloudEvent: CloudEventAttributes(id: [0x80])))
        #expect(broken.path == "cloudEvents:id" && broken.reason.contains("UTF-8"))
        let late = try #require(fault(completeless, cloudEvent: CloudEventAttributes(time: Array("now".utf8))))
        #expect(late.path == "cloudEvents:time" && late.reason.contains("RFC 3339"))
        #expect(fault(body, cloudEvent: CloudEventAttributes())?.path == "$.id")
    }

    private let completeless = #"{"id":"1","publisher_id":"1"}"#

    @Test func `A body that is no JSON is told together with the content type that said so`() throws {
        let xml = CloudEventAttributes(datacontenttype: Array("application/xml".utf8))
        #expect(fault("{<a/>}", cloudEvent: xml)?.reason.contains("application/xml") == true)
        let json = CloudEventAttributes(datacontenttype: Array("application/vnd.x+JSON; charset=utf-8".utf8))
        #expect(fault("{<a/>}", cloudEvent: json)?.reason.contains("datacontenttype") == false)
    }

    @Test func `A structured body wins over attributes sent along`() throws {
        let text = #"{"specversion":"1.0","id":"in","data":{"publisher_id":1}}"#
        #expect(try decode(text, cloudEvent: CloudEventAttributes(id: Array("out".utf8))).text(.id) == "in")
    }
}
