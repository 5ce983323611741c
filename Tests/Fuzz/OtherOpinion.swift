/// Foundation's reader of JSON is what ours is compared with. It is another reader, not a better one.
enum OtherOpinion {
    /// Whether the bytes hold something on which Foundation goes its own way: it drops a byte order mark within a text,
    /// guesses other encodings by bytes of 0, takes a comma before a closing bracket, and refuses numbers that a
    /// Double cannot hold, where RFC 8259 does none of it. Also true where such a thing stands within a string.
    static func differs(on text: [UInt8]) -> Bool {
        if text.contains(0) || text.starts(with: [0xFE, 0xFF]) || text.starts(with: [0xFF, 0xFE]) { return true }
        if text.contains(mark) { return true }
        var (digits, exponentDigits) = (0, 0)
        var isExponent = false
        var afterComma = false
        for byte in text {
            switch byte {
            case 0x30...0x39:
                digits += 1
                if isExponent { exponentDigits += 1 }
                // 200 digits and 99 zeros are within a Double.
                if digits > 200 || exponentDigits > 2 { return true }
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                isExponent = digits > 0
                (digits, exponentDigits) = (0, 0)
            case UInt8(ascii: "+"), UInt8(ascii: "-"): digits = 0
            default:
                isExponent = false
                (digits, exponentDigits) = (0, 0)
            }
            switch byte {
            case UInt8(ascii: ","): afterComma = true
            case 0x20, 0x09, 0x0A, 0x0D: break
            case UInt8(ascii: "]"), UInt8(ascii: "}"): if afterComma { return true }
            default: afterComma = false
            }
        }
        return false
    }

    /// U+FEFF.
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
