import Conversion
import Testing

@testable import Worker

@Suite struct TestConversionTests {
    private func event(_ conversion: TestConversion, base: String? = nil) throws -> (ConversionEvent, String) {
        let text = conversion.event(base: base, random: 0xABC, now: 1_700_000_000_123)
        var event = ConversionEvent()
        try event.decode(Array(text.utf8).span)
        return (event, text)
    }

    @Test func `What nobody says is sensible, and marked as a test`() throws {
        var conversion = TestConversion()
        conversion.publisher = "1001"
        let (event, text) = try event(conversion)
        #expect(event.isTest)
        #expect(event.occurredAt == 1_700_000_000_123)
        #expect(
            text == #"{"id":"test-0000000000000abc","publisher_id":"1001","click_id":"test-click-0000000000000abc","#
                + #""type":"conversion","status":"approved","payout":{"amount":"1.00","currency":"USD"},"#
                + #""occurred_at":"2023-11-14T22:13:20.123Z","test":true}"#
        )
    }

    @Test func `Everything that is said stands in the event`() throws {
        var conversion = TestConversion()
        conversion.publisher = "p \"1\"\\"
        conversion.offer = "5512"
        conversion.smartlink = "77"
        conversion.clickID = "c\u{1}é"
        conversion.amount = "2.50"
        conversion.currency = "EUR"
        conversion.type = "sale"
        conversion.status = "pending"
        conversion.country = "DE"
        let (event, _) = try event(conversion)
        #expect(event.text(.publisherID) == "p \"1\"\\")
        #expect(event.text(.offerID) == "5512")
        #expect(event.text(.smartlinkID) == "77")
        #expect(event.text(.clickID) == "c\u{1}é")
        #expect(event.text(.payoutAmount) == "2.50")
        #expect(event.text(.payoutCurrency) == "EUR")
        #expect(event.text(.type) == "sale")
        #expect(event.text(.status) == "pending")
        #expect(event.text(.country) == "DE")
    }

    @Test func `An event of a file keeps all but its id, byte for byte, and what is said goes before it`() throws {
        let base = """
            { "id" : "old", "publisher_id": 7, "test": false, "payout": { "amount": 1.50 , "currency":"GBP", "x":[1,{}] },
              "sub_ids": {"s1": "a,b:{\\"}"}, "unknown": [ {"id": "inner"}, "]" ], "click_id": "c1" }
            """
        var conversion = TestConversion()
        conversion.currency = "EUR"
        let (event, text) = try event(conversion, base: base)
        #expect(
            text == #"{"id":"test-0000000000000abc","publisher_id":7,"test":true,"#
                + #""payout":{"amount":1.50,"currency":"EUR","x":[1,{}]},"sub_ids":{"s1": "a,b:{\"}"},"#
                + #""unknown":[ {"id": "inner"}, "]" ],"click_id":"c1"}"#
        )
        #expect(event.text(.payoutAmount) == "1.50")
        #expect(event.isTest)
    }

    @Test func `Of a CloudEvent the data is taken`() throws {
        let base =
            #"{"specversion":"1.0","id":"ce","type":"x","source":"/","data":{"publisher_id":"1","click_id":"c"}}"#
        let (event, text) = try event(TestConversion(), base: base)
        #expect(text == #"{"publisher_id":"1","click_id":"c","id":"test-0000000000000abc","test":true}"#)
        #expect(event.text(.id) == "test-0000000000000abc")
    }

    @Test(arguments: ["{}", " { } ", "{\"a\":{}}", "{\"a\":[],\"b\":\"}\"}"])
    func `Objects come back as they were, but for blanks between members`(text: String) {
        #expect(JSONMembers(text).text == text.filter { $0 != " " })
    }
}
