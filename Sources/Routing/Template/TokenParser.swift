import Documents

/// Reads what stands between `{{` and `}}`.
struct TokenParser {
    private let text: [UInt8]
    private let vocabulary: TokenVocabulary
    private var position: Int

    /// Starts right behind the `{{`.
    init(_ text: [UInt8], from position: Int, _ vocabulary: TokenVocabulary) {
        self.text = text
        self.position = position
        self.vocabulary = vocabulary
    }

    /// The token, and where the text goes on behind its `}}`.
    static func parse(
        _ text: [UInt8],
        from position: Int,
        _ vocabulary: TokenVocabulary
    ) throws(TemplateFlaw) -> (token: TemplateToken, end: Int) {
        var parser = TokenParser(text, from: position, vocabulary)
        return try parser.token()
    }

    /// Where the `}}` of a faulty token ends, so that the rest of the text can be checked too.
    static func recovery(_ text: [UInt8], from position: Int) -> Int {
        var end = position
        while end + 1 < text.count {
            if text[end] == UInt8(ascii: "}"), text[end + 1] == UInt8(ascii: "}") { return end + 2 }
            end += 1
        }
        return text.count
    }

    private mutating func token() throws(TemplateFlaw) -> (token: TemplateToken, end: Int) {
        let start = position - 2
        skipBlanks()
        let nameStart = position
        let name = word()
        if name.isEmpty {
            if isAtEnd { throw unclosed(start) }
            if isAtClose { throw TemplateFlaw(at: start, "{{ }} holds no token", hint: "such as {{click_id}}") }
            throw unexpected("a token's name", start)
        }
        skipBlanks()
        guard isAtClose || peek == UInt8(ascii: "|") else {
            if isAtEnd { throw unclosed(start) }
            throw unexpected("| or }}", start)
        }
        guard let source = vocabulary.source(of: name) else { throw vocabulary.unknownToken(name, at: nameStart) }
        var token = TemplateToken(name: name, source: source)
        while !isAtClose {
            if isAtEnd { throw unclosed(start) }
            guard peek == UInt8(ascii: "|") else { throw unexpected("| or }}", start) }
            position += 1
            skipBlanks()
            try filter(of: &token, start: start)
            skipBlanks()
        }
        return (token, position + 2)
    }

    private mutating func filter(of token: inout TemplateToken, start: Int) throws(TemplateFlaw) {
        let filterStart = position
        let name = word()
        if name.isEmpty {
            if isAtEnd { throw unclosed(start) }
            throw unexpected("a filter's name", start)
        }
        var argument: [UInt8]?
        skipBlanks()
        if peek == UInt8(ascii: ":") {
            position += 1
            skipBlanks()
            argument = try self.argument(start: start)
        }
        try vocabulary.filters.add(name, argument, to: &token, at: filterStart)
    }

    /// `"quoted"` or `'quoted'` with `\"` and `\\`, or a bare word or number.
    private mutating func argument(start: Int) throws(TemplateFlaw) -> [UInt8] {
        guard let quote = peek, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            return Array(word().utf8)
        }
        let quoteStart = position
        position += 1
        var result: [UInt8] = []
        while let byte = peek {
            position += 1
            if byte == quote { return result }
            if byte == UInt8(ascii: "\\"), let next = peek, next == quote || next == UInt8(ascii: "\\") {
                position += 1
                result.append(next)
            } else {
                result.append(byte)
            }
        }
        throw TemplateFlaw(
            at: quoteStart,
            "the quotation mark is not closed",
            hint: "the token started with {{ before it"
        )
    }

    private mutating func word() -> String {
        let start = position
        while let byte = peek, TokenName.isCharacter(byte) || byte >= 0x80 { position += 1 }
        return String(decoding: text[start..<position], as: UTF8.self)
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private var peek: UInt8? { position < text.count ? text[position] : nil }
    private var isAtEnd: Bool { position >= text.count }

    private var isAtClose: Bool {
        position + 1 < text.count && text[position] == UInt8(ascii: "}") && text[position + 1] == UInt8(ascii: "}")
    }

    private func unclosed(_ start: Int) -> TemplateFlaw {
        TemplateFlaw(at: start, "{{ is not closed", hint: "a token ends with }}, such as {{click_id}}")
    }

    private func unexpected(_ wanted: String, _ start: Int) -> TemplateFlaw {
        let hasClose = zip(text[position...], text[position...].dropFirst()).contains { $0 == 0x7D && $1 == 0x7D }
        guard hasClose else { return unclosed(start) }
        let found = String(decoding: text[position...], as: UTF8.self).prefix(1)
        return TemplateFlaw(
            at: position,
            "\"\(found)\" stands in a token where \(wanted) should be",
            hint: "tokens look like {{click_id}} or {{ payout | default:\"0\" }}"
        )
    }
}
