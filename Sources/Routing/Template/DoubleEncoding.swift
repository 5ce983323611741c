import Documents

/// `%253A` is what becomes of `%3A` when an encoded text is encoded again.
enum DoubleEncoding {
    /// The flaw of an escape that spells another escape.
    static func flaw(in text: [UInt8], at position: Int, within range: Range<Int>) -> TemplateFlaw? {
        guard text[position...].starts(with: "%25".utf8), position + 4 < range.upperBound,
            Hexadecimal.value(text[position + 3]) != nil, Hexadecimal.value(text[position + 4]) != nil
        else { return nil }
        let digits = String(decoding: text[position + 3...position + 4], as: UTF8.self)
        return TemplateFlaw(
            .warning,
            at: position,
            "\"%25\(digits)\" looks encoded twice",
            hint: "probably %\(digits); the server decodes once"
        )
    }
}
