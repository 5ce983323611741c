import Conversion
import Testing

@testable import Routing

@Suite("A value in a URL")
struct EncodingTests {
    /// RFC 3986, section 2.3, written down once more.
    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    private func percent(_ bytes: [UInt8], blankAsPlus: Bool = false) -> String {
        var out: [UInt8] = []
        out.append(addingCapacity: bytes.count * 3) {
            ValueEncoding.percent(bytes.span, blankAsPlus: blankAsPlus, into: &$0)
        }
        return String(decoding: out, as: UTF8.self)
    }

    @Test("keeps unreserved bytes and writes every other byte as %XX", arguments: UInt8.min...UInt8.max)
    func everyByte(byte: UInt8) {
        let hex = String(byte, radix: 16, uppercase: true)
        let expected =
            Self.unreserved.contains(byte)
            ? String(UnicodeScalar(byte)) : "%" + (hex.count == 1 ? "0" + hex : hex)
        #expect(percent([byte]) == expected)
        #expect(percent([byte], blankAsPlus: true) == (byte == 0x20 ? "+" : expected))
    }

    @Test("counts what may stay among eight bytes, for every byte at every place", arguments: 0..<8)
    func eightBytes(place: Int) {
        for byte in UInt8.min...UInt8.max {
            var bytes = Array("aZ09-._~".utf8)
            bytes[place] = byte
            let word = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let kept = bytes.firstIndex { !Self.unreserved.contains($0) } ?? 8
            #expect(URICharacters.unreservedPrefix(word) == kept)
            #expect(URICharacters.isUnreserved(byte) == Self.unreserved.contains(byte))
            // Two odd bytes beside each other: no sum may run over into the neighbour.
            var odd = bytes
            odd[(place + 1) % 8] = byte
            let oddWord = odd.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(URICharacters.unreservedPrefix(oddWord) == odd.firstIndex { !Self.unreserved.contains($0) } ?? 8)
        }
    }

    @Test("survives the way there and back at all of Unicode's corners")
    func corners() throws {
        var values: [UInt32] = []
        for plane in UInt32(0)...16 {
            let base = plane << 16
            values += [
                base, base + 1, base + 0x7F, base + 0x80, base + 0x7FF, base + 0x800, base + 0xFFFD, base + 0xFFFF,
            ]
        }
        values += [0xD7FF, 0xE000, 0x300, 0x301, 0x36F, 0x200B, 0x200D, 0x200E, 0x200F, 0x202A, 0x202E, 0x2066, 0x2069]
        for scalar in values.compactMap(Unicode.Scalar.init) {
            let text = "a\(String(Character(scalar)))b"
            let encoded = percent(Array(text.utf8))
            #expect(encoded.utf8.allSatisfy { Self.unreserved.contains($0) || $0 == UInt8(ascii: "%") })
            #expect(PercentDecoding.decode(encoded.utf8) == Array(text.utf8))
        }
        #expect(Unicode.Scalar(0xD800) == nil)
    }

    @Test("never adds a parameter, a segment or a fragment", arguments: 0..<300)
    func injection(seed: Int) throws {
        var dice = Dice(seed)
        let (path, name, value) = (dice.text(8), dice.text(8), dice.text(20))
        let event = try Fixture.event([
            "click_id": Fixture.quoted("c" + path),
            "sub_ids": "{\"k\": \(Fixture.quoted(name)), \"v\": \(Fixture.quoted(value))}",
        ])
        let url = "https://a.example/s/{{click_id}}/end?x=1&{{sub_ids.k}}=y&v={{sub_ids.v}}"
        let target = try Fixture.target(url, event)
        let halves = target.utf8.split(separator: UInt8(ascii: "?"), omittingEmptySubsequences: false)
        try #require(halves.count == 2)
        let segments = halves[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        #expect(
            segments.map { PercentDecoding.decode($0) } == [
                [], Array("s".utf8), Array("c\(path)".utf8), Array("end".utf8),
            ]
        )
        let parameters = try #require(PercentDecoding.parameters(String(decoding: Array(halves[1]), as: UTF8.self)))
        #expect(parameters.map(\.name) == [Array("x".utf8), Array(name.utf8), Array("v".utf8)])
        #expect(parameters.map(\.value) == [Array("1".utf8), Array("y".utf8), Array(value.utf8)])
        #expect(target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") })
    }

    @Test(
        "that would make a dot segment stops the delivery",
        arguments: [
            ("https://a.example/x/{{click_id}}/y", "."), ("https://a.example/x/{{click_id}}/y", ".."),
            ("https://a.example/x/{{click_id}}", ".."), ("https://a.example/{{click_id}}?a=b", ".."),
            ("https://a.example/.{{click_id}}/y", "."), ("https://a.example/%2E{{click_id}}/y", "."),
            ("https://a.example/%2e{{click_id}}", "."),
        ]
    )
    func dotSegments(url: String, clickID: String) throws {
        let event = try Fixture.event(["click_id": Fixture.quoted(clickID)])
        #expect(throws: RenderFault.dotSegment) { try Fixture.target(url, event) }
    }

    @Test("may hold dots that make no dot segment", arguments: ["...", ".a", "a.", "..a", "1.2"])
    func harmlessDots(clickID: String) throws {
        let event = try Fixture.event(["click_id": Fixture.quoted(clickID)])
        #expect(try Fixture.target("https://a.example/x/{{click_id}}/y?d=..", event) == "/x/\(clickID)/y?d=..")
    }

    @Test(
        "that is too long for a request line stops the delivery, whatever its length",
        arguments: [7_991, 8_001, 60_000, 200_000]
    )
    func tooLong(length: Int) throws {
        let event = try Fixture.event(["user_agent": Fixture.quoted(String(repeating: "x", count: length))])
        #expect(throws: RenderFault.tooLong(limit: 8_000)) {
            try Fixture.target("https://a.example/p?c={{click_id}}&u={{user_agent}}", event)
        }
    }

    @Test("may fill the request line to the last byte")
    func longest() throws {
        let event = try Fixture.event(["user_agent": Fixture.quoted(String(repeating: "x", count: 7_994))])
        #expect(try Fixture.target("https://a.example/?u={{user_agent}}{{click_id}}", event).utf8.count == 8_000)
    }

    @Test("that grows threefold is rendered whole", arguments: [10, 100, 1_000, 2_500])
    func growth(length: Int) throws {
        let event = try Fixture.event(["city": Fixture.quoted(String(repeating: " ", count: length))])
        let expected = "/?c=c1&x=" + String(repeating: "%20", count: length)
        #expect(try Fixture.target("https://a.example?c={{click_id}}&x={{city}}", event) == expected)
    }

    @Test("is appended to what the buffer holds")
    func appending() throws {
        let event = try Fixture.event([:])
        var buffer = Array("GET ".utf8)
        let postback = try Fixture.postback(["url": "https://a.example/?c={{click_id}}"])
        try postback.renderTarget(event, Fixture.context, into: &buffer)
        #expect(String(decoding: buffer, as: UTF8.self) == "GET /?c=c1")
    }
}
