import Testing

@testable import Conversion

@Suite("A JSON Pointer into unchecked text")
struct JSONLookupTests {
    private func find(_ pointer: String, _ text: String) throws -> JSONLookup {
        JSONLookup.find(try JSONPointer(parsing: pointer), in: Array(text.utf8))
    }

    private func scalar(_ text: String) -> JSONLookup { .scalar(Array(text.utf8)) }

    /// RFC 6901, section 5.
    private static let document = #"""
        { "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8 }
        """#

    @Test(
        "finds what RFC 6901 says",
        arguments: [
            ("/foo/0", "bar"), ("/foo/1", "baz"), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"),
            ("/g|h", "4"), ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"),
        ]
    )
    func examples(pointer: String, value: String) throws {
        #expect(try find(pointer, Self.document) == scalar(value))
    }

    @Test(
        "tells a container, a missing value and bad text apart",
        arguments: [
            ("", "{}", JSONLookup.container), ("/foo", document, .container), ("/foo/2", document, .absent),
            ("/foo/-", document, .absent), ("/foo/00", document, .absent), ("/bar", document, .absent),
            ("/m~0n/x", document, .absent), ("/a", "", .malformed), ("/a", "{", .malformed),
            ("/a", "{\"a\"", .malformed), ("/a", "{\"a\":", .malformed), ("/a", "{\"a\":1", .malformed),
            ("/a", "{\"b\":01,\"a\":1}", .malformed), ("/a", "{\"b\" 1}", .malformed), ("", "nul", .malformed),
            ("/a", "{\"a\":\"\\ud800\"}", .malformed), ("/a", "OK", .malformed), ("/a/b", "{\"a\":[]}", .absent),
            ("/a", "7", .absent), ("/0", "\"x\"", .absent),
        ]
    )
    func others(pointer: String, text: String, expected: JSONLookup) throws {
        #expect(try find(pointer, text) == expected)
    }

    @Test("reads up to the value only, writes escapes out, and takes the first of two members")
    func details() throws {
        #expect(try find("/a", #"{"a":1} trailing"#) == scalar("1"))
        #expect(try find("/a", #"{"a":"\u00e9\n\"","a":2}"#) == scalar("é\n\""))
        #expect(try find("/\u{e9}", #"{"\u00e9":true}"#) == scalar("true"))
        #expect(try find("", "\u{FEFF}12") == scalar("12"))
        #expect(try find("/a", "{\"a\":null}") == scalar("null"))
    }

    @Test("stops at 64 levels instead of running out of stack")
    func depth() throws {
        let open = String(repeating: "[", count: 200_000)
        #expect(try find("/1", open) == .malformed)
        let inner = String(repeating: "[", count: 60) + "1" + String(repeating: "]", count: 60)
        #expect(try find("/1", "[\(inner),2]") == scalar("2"))
    }
}
