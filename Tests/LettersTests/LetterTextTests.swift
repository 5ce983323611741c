import Letters
import Testing

struct LetterTextTests {
    @Test(
        "an exported event is one line, its numbers and strings as they were",
        arguments: [
            (#"{"a": 1.50,  "b":"x  y"}"#, #"{"a": 1.50,  "b":"x  y"}"#),
            ("{\n  \"a\": 1.50,\r\n\t\"b\": \"x \\\" , y\"\n}\n", #"{"a":1.50,"b":"x \" , y"}"#),
            ("[\n\"\\\\\",\n1e3 ]", #"["\\",1e3]"#), ("\"a\nb\"", nil), ("\n\"open", nil),
        ] as [(String, String?)]
    )
    func oneLine(body: String, line: String?) {
        #expect(ExportLine.make(Array(body.utf8)).map { String(decoding: $0, as: UTF8.self) } == line)
    }

    @Test(
        "JSON for people keeps every number and string",
        arguments: [
            (
                #"{"a":1.50,"b":[1,"x{,}y"],"c":{},"d":[ ]}"#,
                "{\n  \"a\": 1.50,\n  \"b\": [\n    1,\n    \"x{,}y\"\n  ],\n  \"c\": {},\n  \"d\": []\n}"
            ),
            ("not json", "notjson"), (#""\"""#, #""\"""#), ("]]]", "\n]\n]\n]"),
        ]
    )
    func indent(text: String, shown: String) {
        #expect(String(decoding: JSONIndent.make(Array(text.utf8)), as: UTF8.self) == shown)
    }

    @Test("the newest letters are the last N, last one first", arguments: [1, 2, 3, 7, 10, 11])
    func newest(limit: Int) {
        var ring = NewestLetters<Int>(limit: limit)
        for number in 1...10 { ring.add(number) }
        #expect(ring.newestFirst == Array((1...10).reversed().prefix(limit)))
    }

    @Test("a summary counts by its field, the most frequent first, with the oldest and the newest time")
    func summary() {
        var summary = LetterSummary(by: .host)
        for (host, time) in [("a", 3), ("b", 5), ("b", 1), ("c", 9), ("b", 7)] {
            summary.add(
                letter(headers: [
                    ("x-postback-url", .text("http://\(host)/")),
                    ("x-postback-failed-at", .text("1970-01-01T00:00:0\(time).000Z")),
                ])
            )
        }
        #expect(summary.rows.map(\.value) == ["b", "a", "c"] && summary.rows.map(\.count) == [3, 1, 1])
        #expect(summary.rows[0].oldest == 1000 && summary.rows[0].newest == 7000)
    }
}
