import Documents

/// Macros whose characters are all allowed in a URL, so that only their names tell them from text: `$payout`,
/// `%7Bcurrency%7D`, `TRANSACTION_ID`.
enum LiteralMacro {
    /// The flaw of a whole segment, or of the whole value of a parameter (`isValue`); nil when it may well be meant.
    static func flaw(of text: String, at offset: Int, isValue: Bool, _ vocabulary: TokenVocabulary) -> TemplateFlaw? {
        if text.hasPrefix("$") {
            guard let token = token(String(text.dropFirst()), vocabulary) else { return nil }
            return TemplateFlaw(
                at: offset,
                "\"\(text)\" is a macro in another system's syntax and would be sent as it stands",
                hint: "probably {{\(token)}}, or set syntax: \"$x\" for the whole url"
            )
        }
        guard isValue, text.utf8.count >= 3, text.utf8.allSatisfy(isCapital), let token = token(text, vocabulary) else {
            return nil
        }
        return TemplateFlaw(
            .warning,
            at: offset,
            "\"\(text)\" is sent as it stands, and looks like the name of a macro",
            hint: "probably {{\(token)}}"
        )
    }

    /// `%7Bname%7D` or `%7B%7Bname%7D%7D` of a known name, and where the text goes on behind it.
    static func encoded(
        at position: Int,
        in text: [UInt8],
        _ literal: Range<Int>,
        _ vocabulary: TokenVocabulary
    ) -> (flaw: TemplateFlaw, end: Int)? {
        var start = position
        while isEscape("7B", text, start, literal) { start += 3 }
        guard start > position else { return nil }
        var end = start
        while end < literal.upperBound, TokenName.isCharacter(text[end]) { end += 1 }
        let name = String(decoding: text[start..<end], as: UTF8.self)
        guard isEscape("7D", text, end, literal), let token = token(name, vocabulary) else { return nil }
        while isEscape("7D", text, end, literal) { end += 3 }
        let written = String(decoding: text[position..<end], as: UTF8.self)
        let flaw = TemplateFlaw(
            at: position,
            "\"\(written)\" is a macro whose braces are encoded, and would be sent as it stands",
            hint: "probably {{\(token)}}"
        )
        return (flaw, end)
    }

    private static func token(_ name: String, _ vocabulary: TokenVocabulary) -> String? {
        guard TokenName.isValid(name) else { return nil }
        if vocabulary.source(of: name) != nil { return vocabulary.suggestion(for: name) ?? name }
        return ForeignName.token(for: name)
    }

    static func isCapital(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }

    private static func isEscape(_ digits: String, _ text: [UInt8], _ position: Int, _ literal: Range<Int>) -> Bool {
        guard position + 2 < literal.upperBound, text[position] == UInt8(ascii: "%") else { return false }
        return String(decoding: text[position + 1...position + 2], as: UTF8.self).uppercased() == digits
    }
}
