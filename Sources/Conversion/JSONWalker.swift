/// Walks over JSON text that is known to be valid.
struct JSONWalker {
    var position: Int

    /// Past an opening bracket and white space.
    mutating func enter(_ text: Span<UInt8>) {
        position += 1
        skipSeparator(text)
    }

    /// Past white space, a comma or a colon.
    mutating func skipSeparator(_ text: Span<UInt8>) {
        while [0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":")].contains(text[position]) { position += 1 }
    }

    /// Past a string; returns where its closing quotation mark is.
    mutating func skipString(_ text: Span<UInt8>) -> Int {
        position += 1
        while text[position] != UInt8(ascii: "\"") { position += text[position] == UInt8(ascii: "\\") ? 2 : 1 }
        position += 1
        return position - 1
    }

    /// Past a value of any kind.
    mutating func skipValue(_ text: Span<UInt8>) {
        var depth = 0
        repeat {
            switch text[position] {
            case UInt8(ascii: "\""): _ = skipString(text)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            default: skipScalar(text)
            }
            if depth > 0 { skipSeparator(text) }
        } while depth > 0
    }

    /// Past a number or a literal: up to white space, a separator or a bracket.
    private mutating func skipScalar(_ text: Span<UInt8>) {
        while ![0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(
            text[position]
        ) {
            position += 1
        }
    }
}
