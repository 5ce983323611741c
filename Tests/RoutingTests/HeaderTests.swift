import Conversion
import Documents
import Testing

@testable import Routing

@Suite("A header")
struct HeaderTests {
    @Test("is one line with its values as they are")
    func lines() throws {
        let event = try Fixture.event(["city": #""Köln, \"west\"""#])
        let headers = [
            "X-Click": "id={{click_id}}; {{ city | raw }}", "Authorization": "Bearer abc", "X-City": "{{city}}",
        ]
        #expect(
            try Fixture.headers(headers, event) == [
                "Authorization: Bearer abc", "X-City: Köln, \"west\"", "X-Click: id=c1; Köln, \"west\"",
            ]
        )
    }

    @Test("takes no control character from an event", arguments: [UInt8](0..<0x20) + [0x7F])
    func injection(byte: UInt8) throws {
        let text = "a\(UnicodeScalar(byte))b"
        let event = try Fixture.event(["city": Fixture.quoted(text)])
        if byte == 0x09 {
            #expect(try Fixture.headers(["X": "{{city}}"], event) == ["X: a\tb"])
        } else {
            #expect(throws: RenderFault.unsafeHeaderValue("city")) { try Fixture.headers(["X": "{{city}}"], event) }
            #expect(throws: RenderFault.unsafeHeaderValue("city")) {
                try Fixture.headers(["X": "{{city | raw}}"], event)
            }
        }
    }

    @Test("never becomes two, whatever an event holds", arguments: 0..<200)
    func random(seed: Int) throws {
        var dice = Dice(seed)
        let value = dice.text(10)
        let event = try Fixture.event(["city": Fixture.quoted(value)])
        guard let lines = try? Fixture.headers(["X": "v={{city}}", "Y": "{{click_id}}"], event) else {
            #expect(value.unicodeScalars.contains { ($0.value < 0x20 && $0.value != 9) || $0.value == 0x7F })
            return
        }
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.utf8.allSatisfy { $0 != 0x0A && $0 != 0x0D && $0 != 0 } })
        #expect(Array((lines.first ?? "").utf8) == Array("X: v=\(value)".utf8))
    }

    @Test("whose value comes out empty is left out")
    func empty() throws {
        #expect(
            try Fixture.headers(["X": "{{city}}", "Y": " {{city}} ", "Z": "z{{city}}"], try Fixture.event([:])) == [
                "Z: z"
            ]
        )
    }

    @Test("is not sent without the click id it asks for")
    func missing() throws {
        let event = try Fixture.event(["click_id": "null"])
        #expect(throws: RenderFault.missingToken("click_id")) { try Fixture.headers(["X": "{{click_id}}"], event) }
    }

    @Test(
        "is refused with a reason",
        arguments: [
            ("Host", "x", "cannot be set"), ("content-LENGTH", "1", "cannot be set"),
            ("Transfer-Encoding", "x", "cannot be set"),
            ("connection", "close", "cannot be set"), ("Idempotency-Key", "x", "cannot be set"),
            ("Content-Type", "x", "content_type"),
            ("X Y", "x", "cannot be the name"), ("X:", "x", "cannot be the name"), ("", "x", "cannot be the name"),
            ("X-{{type}}", "x", "cannot be the name"), ("Ü", "x", "cannot be the name"),
            ("X\r\nY", "x", "cannot be the name"),
            ("X", "a\nb", "a line break"), ("X", "ü", "\"ü\""), ("X", "", "no value"), ("X", " ", "no value"),
            ("X", "{{clickid}}", "probably {{click_id}}"), ("X", "{clickid}", "probably {{click_id}}"),
        ]
    )
    func refused(name: String, value: String, reason: String) {
        let document = Fixture.node(["url": "https://a.example/{{click_id}}"], headers: [name: value])
        let faults = Fixture.load(document).faults.filter { $0.severity == .error }
        #expect(
            faults.contains { $0.description.contains(reason) && $0.path.hasPrefix("publishers.1.global.headers") },
            "\(faults)"
        )
    }

    @Test("may hold braces that are nobody's macro")
    func braces() throws {
        #expect(try Fixture.headers(["X": "{a} [b] <i> #1# 5%"], try Fixture.event([:])) == ["X: {a} [b] <i> #1# 5%"])
    }
}
