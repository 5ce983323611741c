extension URITextGrammar {
    /// A character in words, for messages: `a blank`, `a line break`, `"ü"`.
    static func describe(_ text: [UInt8], at position: Int) -> String {
        switch text[position] {
        case 0x20: "a blank"
        case 0x0A, 0x0D: "a line break"
        case 0x09: "a tab"
        case 0..<0x20, 0x7F: "a control character"
        default: "\"\(scalar(text, at: position))\""
        }
    }

    static func scalar(_ text: [UInt8], at position: Int) -> String {
        String(String(decoding: text[position...].prefix(4), as: UTF8.self).unicodeScalars.prefix(1))
    }
}
