import Delivery
import Foundation
import TestSupport
import Testing

@Suite struct AttemptHistoryTests {
    private func entries(_ history: AttemptHistory) throws -> [[String: Any]] {
        let value = try JSONSerialization.jsonObject(with: Data(history.json.utf8))
        return try #require(value as? [[String: Any]])
    }

    @Test func `Entries say what happened, and leave out what did not`() {
        var history = AttemptHistory()
        #expect(history.json == "[]")
        history.append(attempt: 1, at: 0, took: 12, status: 503, error: nil, sends: 1)
        #expect(history.json == #"[{"attempt":1,"at":"1970-01-01T00:00:00.000Z","ms":12,"status":503}]"#)
        history.append(attempt: 2, at: 5000, took: 5000, status: nil, error: "time-out", sends: 2)
        #expect(
            history.json
                == #"[{"attempt":1,"at":"1970-01-01T00:00:00.000Z","ms":12,"status":503},"#
                + #"{"attempt":2,"at":"1970-01-01T00:00:05.000Z","ms":5000,"error":"time-out","sends":2}]"#
        )
    }

    @Test func `Over many hops the last ten stay, in order`() throws {
        var history = AttemptHistory()
        for attempt in 1...37 {
            history.append(attempt: attempt, at: Int64(attempt), took: 1, status: 500, error: "e\(attempt)", sends: 0)
            // As it travels: out into a header and in again.
            history = AttemptHistory(carried: history.json)
        }
        #expect(try entries(history).map { $0["attempt"] as? Int } == Array(28...37))
        #expect(try entries(history).map { $0["error"] as? String } == (28...37).map { "e\($0)" })
    }

    @Test(arguments: [
        "}", "{", "}{", "[{\"a\":1}]", "\"", "\\", "\\\"}", "a\r\nb\tc\0d", "\u{7f}\u{1f}\u{80}\u{9f}",
        "\u{2028}\u{2029}",
        "😀👩‍👩‍👧‍👦🇩🇪", "e\u{301}\u{301}", "\u{301}begins with an accent", "ends with a joiner\u{200d}", "\u{600}\u{110bd}",
        "\u{202e}desrever", "a\u{feff}b", "\u{fffe}\u{ffff}", "<script>", "ß}ö{", "}\u{301}", "{\u{200d}", "\"\u{301}",
        "\\u0041",
    ])
    func `Any error text survives`(text: String) throws {
        var history = AttemptHistory()
        history.append(attempt: 1, at: 1, took: 1, status: nil, error: text, sends: 1)
        history = AttemptHistory(carried: history.json)
        history.append(attempt: 2, at: 2, took: 1, status: nil, error: text, sends: 1)
        let errors = try entries(history).map { $0["error"] as? String }
        #expect(
            errors.map { $0.map { Array($0.unicodeScalars) } } == [
                Array(text.unicodeScalars), Array(text.unicodeScalars),
            ]
        )
    }

    @Test func `A long error is cut and a long history loses its oldest, so that it fits a header`() throws {
        var history = AttemptHistory()
        for attempt in 1...10 {
            history.append(
                attempt: attempt,
                at: 1,
                took: 1,
                status: nil,
                error: String(repeating: "\u{1}", count: 5000),
                sends: 1
            )
            #expect(history.json.utf8.count <= 8192)
            #expect(try entries(history).last?["attempt"] as? Int == attempt)
            history = AttemptHistory(carried: history.json)
        }
        #expect(try entries(history).count > 1)
        #expect((try entries(history).last?["error"] as? String)?.count == 300)
    }

    @Test func `Random error texts keep it valid over ten hops`() throws {
        var generator = SeededGenerator(seed: 11)
        let awkward: [Unicode.Scalar] = [
            "{", "}", "[", "]", "\"", "\\", ",", ":", "\0", "\n", "\u{301}", "\u{200d}", "é", "😀",
        ]
        for _ in 0..<200 {
            var history = AttemptHistory()
            var texts: [String] = []
            for attempt in 1...12 {
                var text = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0...40, using: &generator) {
                    let any = Unicode.Scalar(UInt32.random(in: 0...0x10ffff, using: &generator)) ?? "?"
                    text.append(
                        Bool.random(using: &generator)
                            ? any : awkward[Int.random(in: 0..<awkward.count, using: &generator)]
                    )
                }
                texts.append(String(text))
                history.append(attempt: attempt, at: 1, took: 1, status: 500, error: String(text), sends: 1)
                history = AttemptHistory(carried: history.json)
            }
            let errors = try entries(history).map { Array(($0["error"] as? String ?? "none").unicodeScalars) }
            #expect(errors == texts.suffix(10).map { Array($0.unicodeScalars) })
        }
    }

    @Test(arguments: [
        "", "[]", "{}", "null", "[1]", "[{", "}]", "[{}]", "[{}", "[[{}]]", "[{]", "[{}]}]", "[{}{}]", "[{},,{}]",
        "[{bad}]", "[{\"a\":\"\\z0000500,\"b\":\"x\"}]", "[{\"a\":\"{5}]",
        "[{\"a\":\"x}y\"}]", "[{\"a\":{\"b\":1}}]", "[{\"a\":\"\u{1}\"}]", "[{\"a\":1},]", "[{\"a\":\"\\\"}]",
        "[{\"a\":1}\n,{\"b\":2}]",
        "\u{feff}[{\"a\":1}]", "[{\u{301}}]", " [{}] ", "[{\"attempt\":1}, {\"attempt\":2}]",
    ])
    func `Whatever header came, the history that goes on is JSON and holds the new attempt`(carried: String) throws {
        var history = AttemptHistory(carried: carried)
        history.append(attempt: 4, at: 1, took: 1, status: 500, error: nil, sends: 1)
        #expect(try entries(history).last?["attempt"] as? Int == 4)
        history.append(attempt: 5, at: 1, took: 1, status: 500, error: nil, sends: 1)
        #expect(try entries(history).suffix(2).map { $0["attempt"] as? Int } == [4, 5])
    }

    @Test func `A header longer than any of ours begins a new history`() throws {
        let long = "[" + Array(repeating: "{\"attempt\":1}", count: 1000).joined(separator: ",") + "]"
        var history = AttemptHistory(carried: long)
        history.append(attempt: 2, at: 1, took: 1, status: 500, error: nil, sends: 1)
        #expect(try entries(history).count == 1)
    }
}
