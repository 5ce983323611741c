import Testing

@testable import Digests

@Suite("Base64")
struct Base64TextTests {
    @Test(
        "writes and reads what RFC 4648 prints",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ]
    )
    func vectors(text: String, code: String) {
        #expect(Base64Text.encode(Array(text.utf8)) == Array(code.utf8))
        #expect(Base64Text.decode(Array(code.utf8)) == Array(text.utf8))
    }

    @Test("brings every byte there and back at every place of a group", arguments: 0..<4)
    func roundTrip(length: Int) {
        for byte in UInt8.min...UInt8.max {
            let bytes = [UInt8](repeating: byte &* 31, count: length) + [byte]
            let text = Base64Text.encode(bytes)
            #expect(text.count == (bytes.count + 2) / 3 * 4)
            #expect(Base64Text.decode(text) == bytes)
        }
    }

    @Test(
        "refuses what no encoder writes",
        arguments: ["Zg", "Zg=", "Zg===", "Z===", "====", "Zh==", "Zm9=", "Zm9v!mFy", "Zm9v\nYmFy", "Zg==Zg==", "-_-_"]
    )
    func refusal(text: String) {
        #expect(Base64Text.decode(Array(text.utf8)) == nil)
    }
}
