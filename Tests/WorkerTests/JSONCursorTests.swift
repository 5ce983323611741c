import Foundation
import Testing

@testable import Worker

@Suite struct JSONCursorTests {
    private func text(_ bytes: [UInt8], limit: Int = 100_000) -> String {
        var out: [UInt8] = Array("\"".utf8)
        let fits = out.appendJSON(bytes.count * 6 + 64) { json in
            bytes.withUnsafeBufferPointer { json.text($0, limit: limit) }
            json.byte(UInt8(ascii: "\""))
        }
        #expect(fits)
        return String(validating: out, as: UTF8.self) ?? "not UTF-8: \(out)"
    }

    private func read(_ json: String) -> String? {
        try? JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? String
    }

    @Test func `Every ASCII byte at every place of a word is read back as it was`() {
        for byte in UInt8(0)...0x7F {
            for place in 0..<17 {
                var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 17)
                bytes[place] = byte
                #expect(read(text(bytes)) == String(decoding: bytes, as: UTF8.self), "\(byte) at \(place)")
            }
        }
    }

    @Test func `Any bytes become a JSON string, and what is no UTF-8 is replaced`() {
        var state: UInt64 = 1
        func next() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        for length in 0..<400 {
            let bytes = (0..<length).map { _ in next() }
            #expect(read(text(bytes)) == String(decoding: bytes, as: UTF8.self).precomposed(bytes), "\(bytes)")
        }
        #expect(text([0xC0, 0x80]) == "\"\u{FFFD}\u{FFFD}\"")
        #expect(text([0xED, 0xA0, 0x80]) == "\"\u{FFFD}\u{FFFD}\u{FFFD}\"")
        #expect(text([0xE2, 0x82]) == "\"\u{FFFD}\u{FFFD}\"")
        #expect(text(Array("é€😀".utf8)) == "\"é€😀\"")
    }

    @Test func `What is too long is cut between two characters`() {
        #expect(text(Array("abcdef".utf8), limit: 6) == "\"abcdef\"")
        #expect(text(Array("abcdefg".utf8), limit: 6) == "\"abcdef…\"")
        #expect(text(Array("abc€x".utf8), limit: 4) == "\"abc…\"")
        #expect(text(Array("abc€x".utf8), limit: 5) == "\"abc…\"")
        #expect(text(Array("abc€x".utf8), limit: 6) == "\"abc€…\"")
    }

    @Test func `Numbers of every length, and milliseconds from microseconds`() {
        for value in [0, 1, 9, 10, 99, 100, 12_345, -1, -100, .max, .min, 999_999_999_999, 1_000_000_000_000] as [Int64]
        {
            var out: [UInt8] = []
            let fits = out.appendJSON(40) { json in json.number(value) }
            #expect(fits)
            #expect(String(decoding: out, as: UTF8.self) == "\(value)")
        }
        for (value, shown) in [(0, "0"), (1, "0.001"), (1000, "1"), (12_340, "12.340"), (-5, "0")] as [(Int64, String)]
        {
            var out: [UInt8] = []
            let fits = out.appendJSON(40) { json in json.milliseconds(value) }
            #expect(fits)
            #expect(String(decoding: out, as: UTF8.self) == shown)
        }
    }

    @Test func `What does not fit is not there at all`() {
        var out: [UInt8] = [1]
        let fits = out.appendJSON(4) { json in
            json.literal("1234567890")
            json.byte(2)
        }
        #expect(!fits)
        #expect(out == [1])
    }
}

extension String {
    /// The standard library replaces a whole broken sequence by one U+FFFD, the record each of its bytes: both say the
    /// same. Here as the record says it.
    fileprivate func precomposed(_ bytes: [UInt8]) -> String {
        if String(validating: bytes, as: UTF8.self) != nil { return self }
        var result = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self) != nil && $0 <= rest.count }
            if let length {
                result += String(decoding: rest.prefix(length), as: UTF8.self)
                rest = rest.dropFirst(length)
            } else {
                _ = first
                result += "\u{FFFD}"
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
