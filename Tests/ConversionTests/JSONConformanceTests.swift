import Conversion
import Testing

/// RFC 8259, seen through an event's unknown member.
@Suite struct JSONConformanceTests {
    static let valid = [
        "null", "true", "false", "0", "-0", "10", "1.0", "-1.5e+10", "1E-2", "0e1", #""""#, #""\"\\\/\b\f\n\r\t""#,
        #""\u0000\uFFFF\ud83d\uDE00""#, #""é€😀\#u{7F}""#, "[]", "{}", "[ ]", "{ }", "[1,[2,[3]],{}]", "[\t1\r\n,\n2 ]",
        #"{"":1}"#, #"{"a":{"b":[{"c":null}]}}"#, #"{"a":1,"a":2}"#, "\"\u{2028}\u{10FFFF}\u{D7FF}\u{E000}\"",
    ]
    static let invalid = [
        "", "nul", "True", "truE", "nullx", "+1", "-", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity",
        "1.2.3",
        "'a'", #""a"#, #""\x""#, #""\u12""#, #""\u12G4""#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#,
        #""\ud800x""#,
        #""\ud800\n""#, "\"\n\"", "\"\t\"", "\"\u{0}\"", "[", "]", "[1,]", "[,1]", "[1 2]", "[1,,2]", "{", "{1:2}",
        #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, #"{,}"#, #"{"a":1]"#, "[1}", "// c\n1", "1 /* c */",
        "\u{A0}1",
        "undefined",
    ]

    @Test(arguments: valid)
    func `Valid JSON is accepted`(value: String) {
        #expect(fault(event(with: "\"x\":\(value)")) == nil)
    }

    @Test(arguments: invalid)
    func `Invalid JSON is refused as such`(value: String) {
        let reason = fault(event(with: "\"x\":\(value)"))?.reason
        #expect(reason?.hasPrefix("not valid JSON: ") == true, "\(reason ?? "accepted")")
    }

    @Test func `Sixty-four levels are read, sixty-five refused, thousands do not harm`() {
        func nested(_ levels: Int, _ open: String, _ close: String) -> String {
            event(
                with: "\"x\":" + String(repeating: open, count: levels) + "0" + String(repeating: close, count: levels)
            )
        }
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            // The event itself is the first level.
            #expect(fault(nested(63, open, close)) == nil)
            #expect(fault(nested(64, open, close))?.reason.contains("64") == true)
            #expect(fault(nested(20_000, open, close))?.reason.contains("64") == true)
        }
    }

    /// Every sequence of one or two bytes beyond ASCII, and the boundaries of the longer forms, against the standard library.
    @Test func `Strings must be UTF-8, neither more nor less`() {
        let bytes: [UInt8] =
            [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED]
            + [0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF]
        let head = Array(#"{"id":"1","publisher_id":"1","x":""#.utf8)
        func check(_ sequence: [UInt8]) -> Bool {
            // A byte behind it, so that the sequence is not cut off by the end of the string alone.
            (fault(head + sequence + Array(#"a"}"#.utf8)) == nil)
                == (String(validating: sequence, as: UTF8.self) != nil)
        }
        for first in UInt8(0x80)...0xFF {
            #expect(check([first]))
            for second in UInt8(0x80)...0xFF { #expect(check([first, second])) }
        }
        for a in bytes {
            for b in bytes {
                for c in bytes {
                    #expect(check([a, b, c]))
                    for d in [0x41, 0x7F, 0x80, 0xBF, 0xC0] as [UInt8] where a >= 0xE0 { #expect(check([a, b, c, d])) }
                }
            }
        }
    }

    @Test func `A string's value is what its escapes spell, wherever they stand`() throws {
        for padding in 0..<20 {
            let pad = String(repeating: "p", count: padding)
            let event = try decode(
                event(with: #""city":"\#(pad)\u00e4\ud83d\ude00\t\#(pad)ü\\\"\/\#(pad)","os":"\#(pad)""#)
            )
            #expect(event.text(.city) == "\(pad)ä😀\t\(pad)ü\\\"/\(pad)")
            #expect(event.text(.os) == pad)
        }
    }

    /// Sixteen bytes are looked at together, fewer where the text ends.
    @Test func `A byte that may not stand in a string is seen wherever it stands`() throws {
        let bytes: [UInt8] = [
            0x00, 0x02, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x5E, 0x7E, 0x7F, 0x80, 0xA2, 0xDC, 0xFE, 0xFF,
        ]
        let head = Array(#"{"id":"1","publisher_id":"1","os":""#.utf8)
        for place in 0..<35 {
            for behind in [1, 2, 7, 8, 14, 15, 16, 31, 32] {
                for byte in bytes {
                    let value = Array(repeating: 0x61, count: place) + [byte] + Array(repeating: 0x61, count: behind)
                    let isPlain = byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
                    let body = head + value + Array(#""}"#.utf8)
                    guard isPlain else {
                        #expect(fault(body) != nil, "\(byte) at \(place)")
                        continue
                    }
                    #expect(try decode(body).text(.os) == String(decoding: value, as: UTF8.self))
                }
            }
        }
    }

    @Test func `Every control character must be escaped and every escape gives it back`() throws {
        for code in UInt8(0)..<0x20 {
            for padding in [0, 7, 8, 9, 15, 16, 17] {
                let pad = [UInt8](repeating: 0x61, count: padding)
                let head = Array(#"{"id":"1","publisher_id":"1","city":""#.utf8)
                #expect(fault(head + pad + [code] + pad + Array(#""}"#.utf8)) != nil)
            }
            let hex = String(code, radix: 16)
            let escape = "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            #expect(try decode(event(with: "\"city\":\"\(escape)\"")).text(.city) == String(UnicodeScalar(code)))
        }
    }

    @Test func `A key with a zero byte behind a known name is another key`() throws {
        let event = try decode(event(with: #""city\u0000":5,"city":"x""#))
        #expect(event.text(.city) == "x")
    }
}
