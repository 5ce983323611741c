import Testing

@testable import Routing

@Suite("The answer rules")
struct AnswerRulesTests {
    private func rules(_ yaml: String) throws -> AnswerRules {
        try #require(try Fixture.postback(yaml: yaml).answerRules)
    }

    private func judge(_ yaml: String, _ status: Int, _ body: String, complete: Bool = true) throws -> Answer {
        try rules(yaml).judge(status: status, body: Array(body.utf8), bodyIsComplete: complete)
    }

    private enum Wanted {
        case delivered, duplicate, byStatus, rejected
    }

    private func kind(_ answer: Answer) -> Wanted {
        switch answer {
        case .delivered: .delivered
        case .duplicate: .duplicate
        case .byStatus: .byStatus
        case .rejected: .rejected
        }
    }

    @Test(
        "accept what the success rule holds for, and reject every other 2xx",
        arguments: [
            ("success: { body_contains: OK }", 200, "all OK here"),
            ("success: { body_contains: [YES, OK] }", 299, "OK"),
            ("success: { body_contains: OK }", 204, "OK"), ("success: { body_lacks: ERROR }", 200, "fine"),
            ("success: { body_lacks: [ERROR, No] }", 200, ""), ("success: { status: 204 }", 204, ""),
            ("success: { status: [200, 202] }", 202, "x"), ("success: { status: 2xx }", 226, ""),
            ("success: { status: 200-204 }", 203, ""),
            ("success: { json: { pointer: /code, equals: 0 } }", 200, #"{"code": 0}"#),
            ("success: { json: { pointer: /code, equals: 0 } }", 200, #"{"code": "0"}"#),
            ("success: { json: { pointer: /a/1, equals: true } }", 200, #"{"x": [], "a": [0, true]}"#),
            ("success: { json: { pointer: '', equals: ok } }", 200, "\u{FEFF}\"ok\""),
        ]
    )
    func accepted(yaml: String, status: Int, body: String) throws {
        #expect(try judge(yaml, status, body) == .delivered)
    }

    @Test(
        "reject a 2xx that the success rule does not hold for, with the reason and the words of the body",
        arguments: [
            ("success: { body_contains: OK }", 200, "no", "does not hold \"OK\", which body_contains asks for: no"),
            ("success: { body_contains: [A, B] }", 200, "", "does not hold \"A\" or \"B\""),
            ("success: { body_contains: OK }", 200, "ok", "does not hold \"OK\""),
            (
                "success: { body_lacks: ERROR }", 200, "ERROR: bad",
                "holds \"ERROR\", which body_lacks forbids: ERROR: bad"
            ),
            ("success: { status: 204 }", 200, "hm", "has the status 200, and success asks for 204: hm"),
            ("success: { json: { pointer: /a, equals: 1 } }", 200, #"{"a": 2}"#, "has \"2\" at /a, not \"1\""),
            ("success: { json: { pointer: /a, equals: 1 } }", 200, #"{"b": 1}"#, "has no value at /a"),
            ("success: { json: { pointer: /a, equals: 1 } }", 200, #"{"a": {}}"#, "has an object or a list at /a"),
            ("success: { json: { pointer: /a, equals: 1 } }", 200, "<html>", "is not JSON: <html>"),
            ("success: { json: { pointer: '', equals: ok } }", 200, "\"no\"", "has \"no\" at the whole body"),
            ("success: { body_contains: OK }", 200, "", "it has no body"),
        ]
    )
    func rejected(yaml: String, status: Int, body: String, reason: String) throws {
        let answer = try judge(yaml, status, body)
        guard case .rejected(let text) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(text.hasPrefix("the answer "))
        #expect(text.contains(reason), "\(text)")
    }

    @Test(
        "leave to the status what they say nothing about",
        arguments: [
            ("success: { body_contains: OK }", 500, "OK"), ("success: { body_contains: OK }", 404, "OK"),
            ("success: { status: 204 }", 503, ""),
            ("duplicate: { body_contains: again }", 200, "OK"), ("duplicate: { status: 409 }", 200, ""),
            ("success: { body_lacks: x }", 302, ""),
        ]
    )
    func byStatus(yaml: String, status: Int, body: String) throws {
        #expect(try judge(yaml, status, body) == .byStatus)
    }

    @Test(
        "know a duplicate before anything else",
        arguments: [
            ("duplicate: { body_contains: again }", 200, "seen again"),
            ("duplicate: { body_contains: again }", 400, "again"), ("duplicate: { status: 409 }", 409, ""),
            ("success: { body_contains: OK }\nduplicate: { body_contains: again }", 200, "OK again"),
            ("success: { body_contains: OK }\nduplicate: { status: [200, 409], body_contains: again }", 200, "again"),
            ("duplicate: { json: { pointer: /error/code, equals: DUP } }", 422, #"{"error": {"code": "DUP"}}"#),
        ]
    )
    func duplicates(yaml: String, status: Int, body: String) throws {
        #expect(try judge(yaml, status, body) == .duplicate)
    }

    @Test("take a duplicate rule's status list for a condition")
    func duplicateStatus() throws {
        let yaml = "duplicate: { status: 409, body_contains: again }"
        #expect(try judge(yaml, 200, "again") == .byStatus)
        #expect(try judge(yaml, 409, "other") == .byStatus)
        #expect(try judge(yaml, 409, "again") == .duplicate)
    }

    @Test(
        "claim nothing about the part of a body that was cut off",
        arguments: [
            ("success: { body_contains: OK }", "begins", true), ("success: { body_lacks: ERROR }", "begins", true),
            ("success: { json: { pointer: /b, equals: 1 } }", #"{"a": 1, "b"#, true),
            ("success: { json: { pointer: /b, equals: 1 } }", #"{"a": 1, "b": 1"#, true),
            ("success: { body_contains: OK }", "OK, and", false),
            ("success: { json: { pointer: /b, equals: 1 } }", #"{"b": 1, "a"#, false),
            ("success: { status: 200 }", "beg", false),
        ]
    )
    func cutOff(yaml: String, body: String, isRejected: Bool) throws {
        let answer = try judge(yaml, 200, body, complete: false)
        guard isRejected else {
            #expect(answer == .delivered)
            return
        }
        guard case .rejected(let reason) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(reason.contains("raise dispatch.max_response"))
        let duplicate = yaml.replacing("success", with: "duplicate")
        #expect(try judge(duplicate, 200, body, complete: false) == .byStatus)
    }

    @Test(
        "ask for the body only when they look at it",
        arguments: [
            ("success: { status: 204 }", false), ("duplicate: { status: 409 }", false),
            ("success: { body_contains: OK }", true), ("success: { body_lacks: x }", true),
            ("duplicate: { json: { pointer: /a, equals: 1 } }", true),
            ("success: { status: 204 }\nduplicate: { body_contains: x }", true),
        ]
    )
    func needsBody(yaml: String, expected: Bool) throws {
        #expect(try rules(yaml).needsBody == expected)
    }

    @Test("show 200 printable characters of a body, on one line")
    func excerpt() throws {
        let body = "a\r\n\tb\u{0}\u{1B}[31m\u{202E}c " + String(repeating: "é", count: 500)
        let text = BodyExcerpt.text(Array(body.utf8))
        #expect(text.hasPrefix("a b[31mc é"))
        #expect(text.unicodeScalars.count == 201)
        #expect(text.hasSuffix("é…"))
        #expect(BodyExcerpt.text([0xFF, 0xFE, 0x41]) == "\u{FFFD}\u{FFFD}A")
        #expect(BodyExcerpt.text(Array("x".utf8)) == "x")
        #expect(BodyExcerpt.text(Array("  \n".utf8)) == "")
    }

    @Test("never fall over a body, whatever it is", arguments: 0..<200)
    func anyBody(seed: Int) throws {
        var dice = Dice(seed)
        let rules = try rules("success: { body_contains: z, json: { pointer: /a/0/b, equals: 1 } }")
        let pieces = ["{", "}", "[", "]", "\"a\"", ":", ",", "\"b\":1", "\\u12", "\"", "1e", "tru", "z", "-", " "]
        var body: [UInt8] = []
        for _ in 0..<Int.random(in: 0...30, using: &dice) {
            if Int.random(in: 0..<4, using: &dice) == 0 {
                body.append(UInt8.random(in: 0...255, using: &dice))
            } else {
                body += Array((pieces.randomElement(using: &dice) ?? "").utf8)
            }
        }
        if case .rejected(let reason) = rules.judge(status: 200, body: body, bodyIsComplete: Bool.random(using: &dice))
        {
            #expect(reason.unicodeScalars.count < 600)
            #expect(reason.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(kind(rules.judge(status: 200, body: deep + [UInt8(ascii: "z")], bodyIsComplete: true)) == .rejected)
    }
}
