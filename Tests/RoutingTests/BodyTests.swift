import Conversion
import Documents
import FoundationEssentials
import Testing

@testable import Routing

@Suite("A body")
struct BodyTests {
    private static let form = "application/x-www-form-urlencoded"

    @Test("of a form takes values that cannot add a field", arguments: 0..<200)
    func formInjection(seed: Int) throws {
        var dice = Dice(seed)
        let value = dice.text(20)
        let event = try Fixture.event(["city": Fixture.quoted(value)])
        let body = try Fixture.body("a={{click_id}}&city={{city}}&z=1", as: Self.form, event)
        let parameters = try #require(
            PercentDecoding.parameters(String(decoding: body, as: UTF8.self), plusIsBlank: true)
        )
        #expect(parameters.map { String(decoding: $0.name, as: UTF8.self) } == ["a", "city", "z"])
        #expect(parameters[1].value == Array(value.utf8))
    }

    @Test("of JSON takes values that cannot leave their string or their value", arguments: 0..<200)
    func jsonInjection(seed: Int) throws {
        var dice = Dice(seed)
        let (city, region) = (dice.text(20), dice.text(20))
        let event = try Fixture.event(["city": Fixture.quoted(city), "region": Fixture.quoted(region)])
        let template = #"{"click": "{{click_id}}", "text": "<{{city}}>", "bare": {{region}}, "n": [{{payout}}]}"#
        let body = try Fixture.body(template, as: "application/json", event)
        struct Shape: Decodable {
            var click: String
            var text: String
            var bare: String?
            var n: [Int?]
        }
        let shape = try JSONDecoder().decode(Shape.self, from: Data(body))
        #expect(shape.click == "c1")
        #expect(Array(shape.text.utf8) == Array("<\(city)>".utf8))
        #expect((shape.bare ?? "").utf8.elementsEqual(region.utf8))
        #expect(shape.n == [nil])
        let members = try JSONDecoder().decode([String: AnyJSON].self, from: Data(body))
        #expect(Set(members.keys) == ["click", "text", "bare", "n"])
    }

    @Test(
        "of JSON writes a value without quotation marks only where it is a number or a boolean by its nature",
        arguments: [
            ("{{payout}}", #""payout": {"amount": "1.50", "currency": "EUR"}"#, "1.50"),
            ("{{currency}}", #""payout": {"amount": "1.50", "currency": "EUR"}"#, #""EUR""#),
            ("{{payout}}", #""city": "x""#, "null"),
            ("{{ payout | default:\"0\" }}", #""city": "x""#, "0"),
            ("{{city}}", #""city": "12""#, #""12""#),
            ("{{click_id}}", #""city": "x""#, #""123""#),
            ("{{test}}", #""test": true"#, "true"),
            ("{{test}}", #""city": "x""#, "false"),
            ("{{attempt}}", #""city": "x""#, "1"),
            ("{{parameters.p}}", #""parameters": {"p": 12.5}"#, "12.5"),
            ("{{parameters.p}}", #""parameters": {"p": false}"#, "false"),
            ("{{parameters.p}}", #""parameters": {"p": "1,2"}"#, #""1,2""#),
            ("{{parameters.p}}", #""parameters": {"p": "1}"}"#, #""1}""#),
            ("{{parameters.p}}", #""parameters": {"p": "01"}"#, #""01""#),
            ("{{parameters.p}}", #""parameters": {"p": "1e5"}"#, "1e5"),
            ("{{parameters.p}}", #""parameters": {"p": "1."}"#, #""1.""#),
            ("{{parameters.p}}", #""parameters": {"p": "-"}"#, #""-""#),
            ("{{parameters.p}}", #""parameters": {"p": "null"}"#, #""null""#),
        ]
    )
    func bareValues(token: String, members: String, expected: String) throws {
        let event = try Fixture.event(#"{"id": "e", "publisher_id": 1, "click_id": "123", \#(members)}"#)
        let body = try Fixture.body("{\"v\": \(token)}", as: "application/json", event)
        #expect(String(decoding: body, as: UTF8.self) == "{\"v\": \(expected)}")
    }

    @Test("of JSON escapes control characters", arguments: 0..<0x20 as Range<UInt32>)
    func controls(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        let event = try Fixture.event(["city": Fixture.quoted(String(Character(scalar)))])
        let body = try Fixture.body(#""{{city}}""#, as: "application/vnd.api+json; charset=utf-8", event)
        #expect(body.allSatisfy { $0 >= 0x20 })
        #expect(try JSONDecoder().decode(String.self, from: Data(body)) == String(Character(scalar)))
    }

    @Test("of plain text takes values as they are, with raw or without")
    func plain() throws {
        let event = try Fixture.event(["city": #""a&b \"ü\"\n""#])
        let body = try Fixture.body("{{city}}|{{ city | raw }}", as: "text/plain; charset=UTF-8", event)
        #expect(String(decoding: body, as: UTF8.self) == "a&b \"ü\"\n|a&b \"ü\"\n")
    }

    @Test("is not sent without the click id it asks for")
    func missing() throws {
        let event = try Fixture.event(["click_id": "\"\""])
        #expect(throws: RenderFault.missingToken("EXTERNAL_ID")) {
            try Fixture.body(#"{"c": "{{EXTERNAL_ID}}"}"#, as: "application/json", event)
        }
    }

    @Test("longer than 64 KiB stops the delivery")
    func tooLong() throws {
        let event = try Fixture.event(["city": Fixture.quoted(String(repeating: "x", count: 65_537))])
        #expect(throws: RenderFault.tooLong(limit: 65_536)) {
            try Fixture.body("{{city}}", as: "text/plain", event)
        }
    }

    @Test("comes with its content type among the headers")
    func contentType() throws {
        let fields = ["url": "https://a.example/", "method": "PUT", "body": "x", "content_type": "text/plain"]
        let postback = try Fixture.postback(fields)
        var lines: [[UInt8]] = []
        try postback.renderHeaders(try Fixture.event([:]), Fixture.context, into: &lines)
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["Content-Type: text/plain"])
        #expect(postback.hasBody && postback.contentType == "text/plain" && postback.method == .put)
    }

    @Test(
        "that is not JSON around its tokens is refused",
        arguments: [
            #"{"a": "{{click_id}}""#, #"{"a": {{click_id}} {{payout}}}"#, #"{"a": 1{{payout}}}"#, #"{{{click_id}}: 1}"#,
            #"{"{{click_id}}": 1}"#, #"{"a" "b"}"#, #"{"a": "b",}"#, #"[1 2]"#, #"[1,]"#, #"{"a": tru}"#, #"{"a": 01}"#,
            #"{"a": "\x"}"#, #"{"a": "\{{click_id}}"}"#, #"{"a": "\u12{{click_id}}"}"#, "", "{{click_id}}{{click_id}}",
            "]",
            "{]", "{\"a\": \"b\nc\"}", #"{a: 1}"#, #"'a'"#, String(repeating: "[", count: 70), "\"a\\", "1 1", "\"a",
        ]
    )
    func notJSON(body: String) throws {
        let fields = [
            "url": "https://a.example/?c={{click_id}}", "method": "POST", "body": body,
            "content_type": "application/json",
        ]
        let faults = Fixture.load(Fixture.node(fields)).faults.filter { $0.severity == .error }
        #expect(
            faults.contains { $0.message.hasPrefix("the body is not JSON: ") && $0.path == "publishers.1.global.body" }
        )
    }

    @Test(
        "that is JSON around its tokens is accepted",
        arguments: [
            "{{click_id}}", " [ ] ", "{}", #"{"a":{"b":{"c":{{payout}}}}}"#,
            #"[{{payout}},{{payout}},"x{{click_id}}y{{city}}"]"#,
            #"{"a": -1.5e+3, "b": [true, false, null], "ü": "\u00e9\n\"\\\/"}"#, "\"{{click_id}}\"", "0",
        ]
    )
    func isJSON(body: String) throws {
        let event = try Fixture.event(["payout": #"{"amount": "2", "currency": "USD"}"#])
        let rendered = try Fixture.body(body, as: "application/json", event)
        #expect(throws: Never.self) { try JSONDecoder().decode(AnyJSON.self, from: Data(rendered)) }
    }
}

/// Any JSON value at all.
private struct AnyJSON: Decodable {
    init(from decoder: any Decoder) throws {
        if var list = try? decoder.unkeyedContainer() {
            while !list.isAtEnd { _ = try list.decode(AnyJSON.self) }
        }
    }
}
