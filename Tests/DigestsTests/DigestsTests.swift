import Testing

@testable import Digests

@Suite("Digests")
struct DigestsTests {
    private func hex(_ bytes: [UInt8]) -> String { String(decoding: HexText.encode(bytes), as: UTF8.self) }

    @Test(
        "give what RFC 1321 prints for MD5",
        arguments: [
            ("", "d41d8cd98f00b204e9800998ecf8427e"), ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"), ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a"
            ),
        ]
    )
    func md5(text: String, expected: String) throws {
        #expect(hex(try Digests.md5(Array(text.utf8))) == expected)
    }

    @Test(
        "give what FIPS 180 prints for SHA-1",
        arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
        ]
    )
    func sha1(text: String, expected: String) throws {
        #expect(hex(try Digests.sha1(Array(text.utf8))) == expected)
    }

    @Test(
        "give what FIPS 180 prints for SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func sha256(text: String, expected: String) throws {
        #expect(hex(try Digests.sha256(Array(text.utf8))) == expected)
    }

    @Test("give what FIPS 180 prints for a million times the letter a")
    func million() throws {
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(hex(try Digests.sha1(text)) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(hex(try Digests.sha256(text)) == expected)
    }

    struct Vector: Sendable {
        var key: [UInt8]
        var message: [UInt8]
        var code: String
    }

    /// The cases 1 to 4, 6 and 7 of RFC 4231; case 5 is cut off there.
    private static let vectors = [
        Vector(
            key: [UInt8](repeating: 0x0B, count: 20),
            message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        Vector(
            key: Array("Jefe".utf8),
            message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 20),
            message: [UInt8](repeating: 0xDD, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        Vector(
            key: Array(1...25),
            message: [UInt8](repeating: 0xCD, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 131),
            message: Array(
                ("This is a test using a larger than block-size key and a larger than block-size data. "
                    + "The key needs to be hashed before being used by the HMAC algorithm.").utf8
            ),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test("give what RFC 4231 prints for HMAC-SHA256", arguments: vectors)
    func hmac(vector: Vector) throws {
        #expect(hex(try Digests.hmacSHA256(key: vector.key, message: vector.message)) == vector.code)
    }

    @Test("take an empty key for an empty key, and not for the one before")
    func emptyKey() throws {
        _ = try Digests.hmacSHA256(key: Array("other".utf8), message: Array("x".utf8))
        let code = try Digests.hmacSHA256(key: [], message: [])
        #expect(hex(code) == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("are equal only when every byte is")
    func equality() {
        #expect(Digests.areEqual([], []))
        #expect(Digests.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!Digests.areEqual([1, 2, 3], [1, 2, 4]))
        #expect(!Digests.areEqual([1, 2, 3], [1, 2]))
        for bit in 0..<64 {
            var other = [UInt8](repeating: 0, count: 8)
            other[bit / 8] = 1 << UInt8(bit % 8)
            #expect(!Digests.areEqual([UInt8](repeating: 0, count: 8), other))
        }
    }
}
