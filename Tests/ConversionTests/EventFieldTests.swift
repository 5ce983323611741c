import Conversion
import Testing

@Suite struct EventFieldTests {
    @Test func `Every field of a complete event is found`() throws {
        let event = try decode(completeEvent)
        let expected: [EventField: String] = [
            .id: "c-1", .publisherID: "1001", .offerID: "5512", .smartlinkID: "77", .clickID: "k", .type: "sale",
            .status: "pending", .payoutAmount: "1.25", .payoutCurrency: "EUR", .occurredAt: "2025-03-01T12:30:00.250Z",
            .clickedAt: "2025-03-01T12:00:00Z", .country: "DE", .region: "BY", .city: "M", .ip: "203.0.113.7",
            .userAgent: "UA", .device: "mobile", .os: "Android", .browser: "Chrome", .carrier: "V", .language: "de",
            .referrer: "https://n.example/",
        ]
        for field in EventField.allCases { #expect(event.text(field) == expected[field], "\(field.name)") }
        #expect(event.isTest)
        #expect(event.status == .pending)
        #expect(event.payout == DecimalAmount(parsing: "1.25"))
        #expect(event.occurredAt == 1_740_832_200_250)
        #expect(event.clickedAt == 1_740_830_400_000)
        #expect(event.string(event.range(ofSubID: Array("2".utf8))) == "bü")
        #expect(event.string(event.range(ofParameter: Array("tier".utf8))) == "2")
        #expect(event.string(event.range(ofParameter: Array("new".utf8))) == "true")
        #expect(event.range(ofSubID: Array("3".utf8)) == nil)
        #expect(event.range(ofParameter: Array("tie".utf8)) == nil)
    }

    @Test func `What is absent or null has no range, and the defaults stand`() throws {
        let optional = EventField.allCases.filter { ![.id, .publisherID, .type, .status].contains($0) }
        let nulls = optional.map(\.name).filter { !$0.contains(".") }.map { "\"\($0)\":null" }.joined(separator: ",")
        let all = #""type":null,"status":null,"payout":null,"sub_ids":null,"parameters":null,"test":null,"# + nulls
        for text in [#"{"id":"c-1","publisher_id":"1001"}"#, event(with: all)] {
            let event = try decode(text)
            for field in optional { #expect(event.range(of: field) == nil, "\(field.name)") }
            #expect(event.text(.type) == "conversion")
            #expect(event.text(.status) == "approved")
            #expect(event.status == .approved)
            #expect(!event.isTest)
            #expect(event.payout == nil && event.occurredAt == nil && event.clickedAt == nil)
            #expect(event.subIDs.isEmpty && event.parameters.isEmpty)
        }
    }

    @Test func `An empty string is there, with no bytes`() throws {
        let event = try decode(event(with: #""click_id":"","sub_ids":{"1":""}"#))
        #expect(event.range(of: .clickID)?.count == 0)
        #expect(event.range(ofSubID: Array("1".utf8))?.count == 0)
    }

    @Test(arguments: [
        ("1001", "1001"), ("0", "0"), ("123456789012345678901234567890", "123456789012345678901234567890"),
    ])
    func `Integer ids keep their digits`(number: String, expected: String) throws {
        let event = try decode(#"{"id":"1","publisher_id":\#(number),"offer_id":\#(number),"smartlink_id":\#(number)}"#)
        #expect(event.text(.publisherID) == expected)
        #expect(event.text(.offerID) == expected)
        #expect(event.text(.smartlinkID) == expected)
    }

    @Test(arguments: [
        (#""1.50""#, "1.50"), ("1.50", "1.50"), ("1", "1"), ("-0.5", "-0.5"), ("1.25e2", "125"), ("5E3", "5000"),
        ("1.250e1", "12.50"), ("15e-4", "0.0015"), ("-2.5e-1", "-0.25"), ("0e99999999999999999999", "0"),
        ("1000000000000000000000e-10", "100000000000.0000000000"), ("0.1e+1", "1"), (#""0""#, "0"),
        (#""\u0031.5""#, "1.5"), ("9007199254740993", "9007199254740993"), ("0.1000000000000000055", nil),
        ("1e18", nil), ("1e-19", nil), ("1e400", nil), (#""1e2""#, nil), (#""1,5""#, nil),
        ("999999999999999999", "999999999999999999"),
    ])
    func `An amount is read exactly or refused`(amount: String, expected: String?) throws {
        let text = event(with: #""payout":{"amount":\#(amount)}"#)
        guard let expected else {
            #expect(fault(text)?.path == "$.payout.amount")
            return
        }
        let event = try decode(text)
        #expect(event.text(.payoutAmount) == expected)
        #expect(event.payout == DecimalAmount(parsing: expected))
    }

    @Test(arguments: ["eur", "USD", "Usd"])
    func `A currency is kept as written`(currency: String) throws {
        let event = try decode(event(with: #""payout":{"currency":"\#(currency)","amount":1}"#))
        #expect(event.text(.payoutCurrency) == currency)
    }

    @Test func `An id may have 200 characters of any length in bytes`() throws {
        #expect(fault(#"{"id":"\#(String(repeating: "😀", count: 200))","publisher_id":"1"}"#) == nil)
        let tooLong = fault(#"{"id":"\#(String(repeating: "x", count: 201))","publisher_id":"1"}"#)
        #expect(tooLong?.path == "$.id")
        #expect(tooLong?.reason.contains("200") == true)
    }

    @Test func `Field names are unique and lead to their field`() throws {
        #expect(Set(EventField.allCases.map(\.name)).count == 22)
        #expect(EventField.allCases.map(\.rawValue) == Array(0..<22))
    }

    @Test func `Many sub ids are all kept, and a name twice among them is refused`() throws {
        let many = (0..<500).map { "\"s\($0)\":\"v\($0)\"" }
        let event1 = try decode(event(with: "\"sub_ids\":{\(many.joined(separator: ","))}"))
        #expect(event1.subIDs.count == 500)
        #expect(event1.string(event1.range(ofSubID: Array("s499".utf8))) == "v499")
        let twice = fault(event(with: "\"sub_ids\":{\((many + [#""s7":"x""#]).joined(separator: ","))}"))
        #expect(twice?.path == "$.sub_ids.s7")
        #expect(twice?.reason.contains("twice") == true)
    }
}
