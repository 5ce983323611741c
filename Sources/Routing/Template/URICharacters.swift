/// The character classes of RFC 3986 as bit masks over ASCII.
enum URICharacters {
    /// Letters, digits, `-`, `.`, `_`, `~` (section 2.3): the only characters of a value that are sent as they are.
    @inline(__always)
    static func isUnreserved(_ byte: UInt8) -> Bool {
        let half = byte < 64 ? lowUnreserved : highUnreserved
        return byte < 128 && half &>> UInt64(byte) & 1 == 1
    }

    /// A bit for each of the characters 0 to 63, and 64 to 127.
    private static var lowUnreserved: UInt64 { 0x03FF_6000_0000_0000 }
    private static var highUnreserved: UInt64 { 0x47FF_FFFE_87FF_FFFE }

    /// How many of eight bytes, from the lowest on, are unreserved before the first that is not.
    @inline(__always)
    static func unreservedPrefix(_ word: UInt64) -> Int {
        // Seven bits a byte, so that no sum reaches the next byte; bytes beyond ASCII are sorted out by their high bits.
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high = ones &* 0x80
        let ascii = word & ~high
        let lower = ascii | ones &* 0x20
        let letters = (lower &+ ones &* (0x80 - 0x61)) & ~(lower &+ ones &* (0x7F - 0x7A))
        let digits = (ascii &+ ones &* (0x80 - 0x30)) & ~(ascii &+ ones &* (0x7F - 0x39))
        let hyphenOrDot = (ascii &+ ones &* (0x80 - 0x2D)) & ~(ascii &+ ones &* (0x7F - 0x2E))
        let notUnderscore = (ascii ^ ones &* 0x5F) &+ ones &* 0x7F
        let notTilde = (ascii ^ ones &* 0x7E) &+ ones &* 0x7F
        let others = ~(letters | digits | hyphenOrDot | ~notUnderscore | ~notTilde) | word
        return (others & high).trailingZeroBitCount &>> 3
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
