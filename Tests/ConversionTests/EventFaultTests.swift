import Conversion
import Testing

@Suite struct EventFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var body: String
        var path: String
        /// Must stand in the reason.
        var words: [String]
        var testDescription: String { String(body.prefix(80)) }

        init(_ body: String, _ path: String, _ words: String...) {
            (self.body, self.path, self.words) = (body, path, words)
        }
    }

    @Test(arguments: [
        Case("", "$", "no body"),
        Case("   ", "$", "white space"),
        Case("[]", "$", "array"),
        Case("hello", "$", "JSON object", "\"h\""),
        Case("\u{FEFF}{}", "$", "byte order mark"),
        Case("{}", "$.id", "missing"),
        Case(#"{"id":"1"}"#, "$.publisher_id", "missing"),
        Case(#"{"id":"1","publisher_id":"1"} {}"#, "$", "exactly one event"),
        Case(#"{"id":"1","publisher_id":"1"}x"#, "$", "\"x\""),
        Case(#"{"id":7,"publisher_id":"1"}"#, "$.id", "must be a string", "a number"),
        Case(#"{"id":" ","publisher_id":"1"}"#, "$.id", "blank"),
        Case(#"{"id":"a\nb","publisher_id":"1"}"#, "$.id", "control"),
        Case(#"{"id":"1","publisher_id":-5}"#, "$.publisher_id", "\"-5\"", "whole"),
        Case(#"{"id":"1","publisher_id":1.0}"#, "$.publisher_id", "\"1.0\""),
        Case(#"{"id":"1","publisher_id":1e3}"#, "$.publisher_id", "exponent"),
        Case(#"{"id":"1","publisher_id":[]}"#, "$.publisher_id", "an array"),
        Case(
            event(with: #""status":"aproved""#),
            "$.status",
            "\"aproved\"",
            "approved, pending, rejected, hold, reversed"
        ),
        Case(event(with: #""payout":"1.25""#), "$.payout", "a string", "amount"),
        Case(event(with: #""payout":{}"#), "$.payout.amount", "missing"),
        Case(event(with: #""payout":{"currency":"EUR"}"#), "$.payout.amount", "missing"),
        Case(event(with: #""payout":{"amount":"1,25"}"#), "$.payout.amount", "\"1,25\"", "1.25"),
        Case(event(with: #""payout":{"amount":true}"#), "$.payout.amount", "a boolean"),
        Case(
            event(with: #""payout":{"amount":"1","currency":"EURO"}"#),
            "$.payout.currency",
            "\"EURO\"",
            "three letters"
        ),
        Case(event(with: #""payout":{"amount":"1","currency":"€"}"#), "$.payout.currency", "\"€\""),
        Case(event(with: #""payout":{"amount":"1","amount":"2"}"#), "$.payout.amount", "twice"),
        Case(event(with: #""occurred_at":"2025-03-01T12:30:00""#), "$.occurred_at", "time zone"),
        Case(event(with: #""occurred_at":"yesterday""#), "$.occurred_at", "\"yesterday\"", "RFC 3339"),
        Case(event(with: #""clicked_at":"2025-02-29T00:00:00Z""#), "$.clicked_at", "out of range"),
        Case(event(with: #""clicked_at":5"#), "$.clicked_at", "a number"),
        Case(event(with: #""sub_ids":{"1":5}"#), "$.sub_ids['1']", "must be a string", "a number"),
        Case(event(with: #""sub_ids":{"a b":{}}"#), "$.sub_ids['a b']", "an object"),
        Case(event(with: #""sub_ids":{"a":"1","\u0061":"2"}"#), "$.sub_ids.a", "twice"),
        Case(event(with: #""sub_ids":[]"#), "$.sub_ids", "an array"),
        Case(event(with: #""parameters":{"x":{"y":nul}}"#), "$.parameters.x.y", "expected a value"),
        Case(event(with: #""parameters":[1]"#), "$.parameters", "an array"),
        Case(event(with: #""parameters":{"x":1,"x":2}"#), "$.parameters.x", "twice"),
        Case(event(with: #""test":"true""#), "$.test", "true or false", "a string"),
        Case(event(with: #""id":"2""#), "$.id", "twice"),
        Case(event(with: #""\u0069d":"2""#), "$.id", "twice"),
        Case(event(with: #""status":null,"status":"hold""#), "$.status", "twice"),
        Case(event(with: #""x":[1,{"y":[nul]}]"#), "$.x[1].y[0]", "expected a value"),
        Case(event(with: #""x":[1 2]"#), "$.x", "expected \",\" or \"]\"", "\"2\""),
        Case(event(with: #""x":01"#), "$.x", "needless zero"),
        Case(event(with: #""x":"\uD800""#), "$.x", "surrogate"),
        Case(event(with: #""x":"\q""#), "$.x", "backslash"),
        Case(event(with: "\"x\":\"a\u{1}\""), "$.x", "control character", "0x1"),
        Case(event(with: #""country":nope"#), "$.country", "expected a value"),
        Case(event(with: #""country":[1,"#), "$.country[1]", "expected a value"),
        Case(#"{"id":"1","#, "$", "end of the body"),
        Case(#"{"id":"abc"#, "$.id", "cut off"),
        Case(#"{"id" "1"}"#, "$", "\":\""),
        Case(#"{'id':"1"}"#, "$", "quotation marks", "\"'\""),
    ])
    func `A fault names the path and the reason`(example: Case) throws {
        let found = try #require(fault(example.body))
        #expect(found.path == example.path)
        for word in example.words { #expect(found.reason.contains(word), "\(found.reason)") }
        #expect((0...example.body.utf8.count).contains(found.offset))
        #expect(found.description == "\(found.path): \(found.reason) (byte \(found.offset))")
    }

    @Test func `The offset is the byte where it shows`() throws {
        let body = event(with: #""status":"odd""#)
        let offset = try #require(fault(body)?.offset)
        #expect(Array(body.utf8)[offset...].starts(with: #""odd""#.utf8))
        #expect(fault(#"{"id":"#)?.offset == 6)
    }

    @Test func `A body of 256 KiB is accepted and one byte more is refused`() throws {
        let frame = event(with: #""x":"""#).utf8.count
        for (size, isAccepted) in [(ConversionEvent.bodyLimit, true), (ConversionEvent.bodyLimit + 1, false)] {
            let body = event(with: #""x":"\#(String(repeating: "a", count: size - frame))""#)
            try #require(body.utf8.count == size)
            #expect((fault(body) == nil) == isAccepted)
        }
        let found = try #require(fault([UInt8](repeating: 0x20, count: 300_000)))
        #expect(found.path == "$")
        #expect(found.reason.contains("300000") && found.reason.contains("256 KiB"))
    }

    @Test func `Somebody's data is shown short and without control characters`() throws {
        let odd = #"A\u0007\u202e"# + String(repeating: "x", count: 500)
        let reason = try #require(fault(event(with: #""status":"\#(odd)""#))?.reason)
        #expect(reason.count < 200)
        #expect(reason.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        let path = try #require(fault(event(with: #""sub_ids":{"\#(odd)'":1}"#))?.path)
        #expect(path.count < 120)
        #expect(path.hasPrefix("$.sub_ids['A") && path.hasSuffix("…']"))
    }
}
