import Documents

/// A URL whose tokens were brought into the form `{{x}}`, with the way back to where each byte was written.
struct MacroTranslation {
    private(set) var text: [UInt8] = []
    /// Nothing, or the offset in the written text of each byte of ``text`` and of its end.
    private(set) var origins: [Int] = []
    /// `{{` in a URL of another syntax; a `$` that begins no token where one begins with it.
    private(set) var flaws: [TemplateFlaw] = []
    let syntax: MacroSyntax

    init(_ written: [UInt8], _ syntax: MacroSyntax, _ vocabulary: TokenVocabulary) {
        self.syntax = syntax
        if syntax == .mustache {
            text = written
            return
        }
        var position = 0
        while position < written.count {
            if let macro = MacroScanner(written, syntax, vocabulary).macro(at: position) {
                append("{{".utf8, position)
                for index in macro.content { append(CollectionOfOne(written[index]), index) }
                append("}}".utf8, macro.content.upperBound)
                position = macro.end
                continue
            }
            if !isMixed, written[position...].starts(with: "{{".utf8) {
                flaws.append(
                    TemplateFlaw(
                        at: position,
                        "the url is written with \(syntax.token("x")), and {{ stands in it too",
                        hint: "use one syntax in a url"
                    )
                )
            }
            if syntax == .dollar, written[position] == UInt8(ascii: "$") {
                flaws.append(
                    TemplateFlaw(
                        .warning,
                        at: position,
                        "this $ begins no token and is sent as it stands",
                        hint: "write %24 if it is meant"
                    )
                )
            }
            append(CollectionOfOne(written[position]), position)
            position += 1
        }
        origins.append(written.count)
    }

    /// Where a byte of ``text`` was written.
    func origin(_ offset: Int) -> Int {
        if origins.isEmpty { return offset }
        return origins[min(max(offset, 0), origins.count - 1)]
    }

    /// A flaw of ``text`` as one of what was written.
    func original(_ flaw: TemplateFlaw) -> TemplateFlaw {
        if syntax == .mustache { return flaw }
        var result = flaw
        result.offset = origin(flaw.offset)
        result.message = syntax.reworded(flaw.message)
        result.hint = flaw.hint.map(syntax.reworded)
        return result
    }

    /// Whether two syntaxes stand in it, so that nothing can be said of the rest.
    var isMixed: Bool { flaws.contains { $0.severity == .error } }

    private mutating func append(_ bytes: some Collection<UInt8>, _ origin: Int) {
        text.append(contentsOf: bytes)
        origins.append(contentsOf: repeatElement(origin, count: bytes.count))
    }
}
