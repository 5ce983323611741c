/// The character classes of RFC 3986 as bit masks over ASCII.
enum URICharacters {
    /// Letters, digits, `-`, `.`, `_`, `~` (section 2.3): the only characters of a value that are sent as they are.
    @inline(__always)
    static func isUnreserved(_ byte: UInt8) -> Bool {
        // Nearly every byte is one of the first two.
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    /// Whether a literal character may stand in a path, or in a query; `%` is judged by its digits.
    static func allows(_ byte: UInt8, inQuery: Bool) -> Bool {
        if isUnreserved(byte) { return true }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "?"):
            return true
        default: return false
        }
    }
}
