/// Lays out JSON over several lines for people. Only blanks between values change: numbers and strings stay byte for
/// byte. What is not JSON comes out somehow, but whole. Pure.
package enum JSONIndent {
    package static func make(_ text: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        var depth = 0
        var isInString = false
        var isEscaped = false
        /// An opening bracket whose contents have not begun.
        var isOpening = false
        func newLine() { lines += [0x0A] + Array(repeating: 0x20, count: 2 * max(0, depth)) }
        for byte in text {
            if isInString {
                lines.append(byte)
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            if [0x20, 0x09, 0x0A, 0x0D].contains(byte) { continue }
            let closes = byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
            if isOpening, !closes { newLine() }
            if closes {
                depth -= 1
                if !isOpening { newLine() }
            }
            isOpening = false
            lines.append(byte)
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                isOpening = true
            case UInt8(ascii: ","): newLine()
            case UInt8(ascii: ":"): lines.append(0x20)
            default: break
            }
        }
        return lines
    }
}
