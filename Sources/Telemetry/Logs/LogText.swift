/// Escapes text so that it can neither break its line nor steer a terminal.
///
/// Escaped are the C0 and C1 control characters, DEL, the Unicode line and paragraph separators, and the characters
/// that turn the writing direction (a log line must read as it was written).
enum LogText {
    /// Appends a JSON string with its quotes.
    static func writeJSON(_ text: String, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        escape(text, into: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends the text as it is where that is plain, else as a JSON string: with `quoteWords` also when it has a
    /// space, `=` or nothing in it, so that `key=value` pairs can be told apart.
    static func writePlain(_ text: String, quoteWords: Bool, into bytes: inout [UInt8]) {
        let needsQuotes =
            quoteWords
            && (text.isEmpty
                || text.utf8.contains { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "\"") })
        if needsQuotes {
            writeJSON(text, into: &bytes)
        } else {
            escape(text, quotes: false, into: &bytes)
        }
    }

    private static func escape(_ text: String, quotes: Bool = true, into bytes: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22 where quotes: bytes.append(contentsOf: "\\\"".utf8)
            case 0x5C where quotes: bytes.append(contentsOf: "\\\\".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0x00...0x1F, 0x7F...0x9F, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
                bytes.append(contentsOf: "\\u".utf8)
                for shift in [12, 8, 4, 0] { bytes.append(hexDigit(scalar.value >> UInt32(shift) & 15)) }
            case 0x20...0x7E: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    private static func hexDigit(_ value: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value)
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
