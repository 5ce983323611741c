/// The character classes of RFC 3986 as bit masks over ASCII.
enum URICharacters {
    /// Letters, digits, `-`, `.`, `_`, `~` (section 2.3), one bit for each of the 256 bytes.
    static var unreserved: InlineArray<4, UInt64> { [0x03FF_6000_0000_0000, 0x47FF_FFFE_87FF_FFFE, 0, 0] }

    /// Whether a character of a value is sent as it is.
    @inline(__always)
    static func isUnreserved(_ byte: UInt8) -> Bool {
        unreserved[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1
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
