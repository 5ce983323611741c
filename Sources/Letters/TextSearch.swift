/// Looks for a text without regard to the case of ASCII letters.
struct TextSearch: Sendable, Equatable {
    private let needle: [UInt8]

    init(_ text: String) {
        needle = text.utf8.map(Self.lower)
    }

    func isIn(_ text: String?) -> Bool {
        guard let text else { return false }
        return isIn(Array(text.utf8))
    }

    func isIn(_ bytes: [UInt8]) -> Bool {
        guard let first = needle.first else { return true }
        guard bytes.count >= needle.count else { return false }
        for start in 0...(bytes.count - needle.count) where Self.lower(bytes[start]) == first {
            var length = 1
            while length < needle.count, Self.lower(bytes[start + length]) == needle[length] { length += 1 }
            if length == needle.count { return true }
        }
        return false
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }
}
