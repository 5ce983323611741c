import Conversion
import Testing

@Suite struct JSONPointerTests {
    static let document = event(
        with:
            #""a":{"b":[10,"x",{"c":true}],"m~n":"t","p/q":"s","":"e"},"\u0061b":"\u00fc!","o":{},"n":null,"z":-1.5e3"#
    )

    @Test(
        arguments: [
            ("/a/b/0", "10"), ("/a/b/1", "x"), ("/a/b/2/c", "true"), ("/a/m~0n", "t"), ("/a/p~1q", "s"), ("/a/", "e"),
            ("/ab", "ü!"), ("/z", "-1.5e3"), ("/id", "c-1"), ("/a/b/3", nil), ("/a/b/01", nil), ("/a/b/-", nil),
            ("/a/b/x", nil),
            ("/a/b/99999999999999999999", nil), ("/a", nil), ("/a/b", nil), ("/o", nil), ("/o/x", nil), ("/n", nil),
            ("/n/x", nil),
            ("/id/x", nil), ("/missing", nil), ("", nil), ("/A", nil),
        ] as [(String, String?)]
    )
    func `A pointer leads to a scalar or to nothing`(pointer: String, expected: String?) throws {
        for text in [Self.document, Self.document.replacing(":", with: " :\n ").replacing(",", with: " , ")] {
            #expect(try decode(text).string(at: pointer) == expected)
        }
    }

    @Test func `What is nested in parameters is found by a pointer alone`() throws {
        let nested = event(with: #""parameters":{"campaign":{"id":"k7","tags":["a",{"b":2}]},"tier":2,"x":[]}"#)
        let event = try decode(nested)
        #expect(try event.string(at: "/parameters/campaign/id") == "k7")
        #expect(try event.string(at: "/parameters/campaign/tags/1/b") == "2")
        #expect(try event.string(at: "/parameters/campaign") == nil)
        #expect(event.range(ofParameter: Array("campaign".utf8)) == nil)
        #expect(event.range(ofParameter: Array("tier".utf8)) != nil)
        #expect(event.parameters.count == 1)
    }

    @Test(arguments: ["a", "#/a", "/a~", "/a~2", "/~"])
    func `A text that is no pointer is refused with the reason`(text: String) throws {
        let error = try #require(throws: JSONPointer.Invalid.self) { try JSONPointer(parsing: text) }
        #expect(error.reason.contains("JSON Pointer"))
    }

    @Test(arguments: ["", "/", "/a/b", "/~0~1", "/ü//x"])
    func `A pointer is written as it was read`(text: String) throws {
        #expect(try JSONPointer(parsing: text).description == text)
    }

    @Test func `After a fault there is nothing to point at`() throws {
        var event = ConversionEvent()
        try event.decode(Array(Self.document.utf8).span)
        let pointer = try JSONPointer(parsing: "/id")
        #expect(event.value(at: pointer) != nil)
        #expect(throws: EventFault.self) { try event.decode(Array("{".utf8).span) }
        #expect(event.value(at: pointer) == nil)
        #expect(ConversionEvent().value(at: pointer) == nil)
    }
}
