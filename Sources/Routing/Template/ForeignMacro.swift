/// A macro in another system's syntax that was left in a template, and would be sent as it stands.
struct ForeignMacro {
    var range: Range<Int>
    /// What stands between the marks.
    var name: String

    /// The macro around an offending byte of a URL: `{x}`, `${x}`, `#x#`, `[x]`, `<x>`, `%x%`.
    static func around(_ position: Int, in text: [UInt8], within literal: Range<Int>) -> ForeignMacro? {
        switch text[position] {
        case UInt8(ascii: "{"):
            let start =
                position > literal.lowerBound && text[position - 1] == UInt8(ascii: "$") ? position - 1 : position
            return closed(by: "}", from: position, start: start, in: text, within: literal)
        case UInt8(ascii: "["): return closed(by: "]", from: position, start: position, in: text, within: literal)
        case UInt8(ascii: "<"): return closed(by: ">", from: position, start: position, in: text, within: literal)
        case UInt8(ascii: "#"): return closed(by: "#", from: position, start: position, in: text, within: literal)
        case UInt8(ascii: "%"):
            if let macro = closed(by: "%", from: position, start: position, in: text, within: literal) { return macro }
            // "%DEVICE%" begins like the escape %DE; only its last % gives it away.
            let before = text[literal.lowerBound..<position]
            guard let open = before.lastIndex(of: UInt8(ascii: "%")) else { return nil }
            return closed(by: "%", from: open, start: open, in: text, within: literal)
        default: return nil
        }
    }

    /// Macros in the literals of a body or header, where braces may be meant: only names that are known are reported.
    static func known(in text: [UInt8], _ pieces: [TemplatePiece], _ vocabulary: TokenVocabulary) -> [TemplateFlaw] {
        var flaws: [TemplateFlaw] = []
        for piece in pieces where !piece.isToken {
            var position = piece.range.lowerBound
            while position < piece.range.upperBound {
                if let macro = around(position, in: text, within: piece.range),
                    macro.range.lowerBound + 1 >= position,
                    vocabulary.source(of: macro.name) != nil || ForeignName.token(for: macro.name) != nil
                {
                    flaws.append(macro.flaw(in: text, vocabulary))
                    position = macro.range.upperBound
                } else {
                    position += 1
                }
            }
        }
        return flaws
    }

    func flaw(in text: [UInt8], _ vocabulary: TokenVocabulary) -> TemplateFlaw {
        let written = String(decoding: text[range], as: UTF8.self)
        return TemplateFlaw(
            at: range.lowerBound,
            "\"\(written)\" is a macro in another system's syntax and would be sent as it stands",
            hint: hint(vocabulary)
        )
    }

    private func hint(_ vocabulary: TokenVocabulary) -> String {
        if let mapped = mappedHint(vocabulary) ?? shareHint(vocabulary) { return mapped }
        let letters = String(name.prefix { $0.isLetter || $0 == "_" })
        if let token = vocabulary.suggestion(for: name) ?? vocabulary.suggestion(for: letters) {
            return "probably {{\(token)}}"
        }
        return "tokens are written {{name}}; what the network sends under another name is {{parameters.NAME}}"
    }

    /// `{status: lead=install sale=bill}`: a value with words for it.
    private func mappedHint(_ vocabulary: TokenVocabulary) -> String? {
        let sides = name.split(separator: ":", maxSplits: 1)
        guard sides.count == 2, let token = vocabulary.suggestion(for: String(sides[0])) else { return nil }
        let pairs = sides[1].split { $0 == " " || $0 == "," || $0 == ";" }
        guard !pairs.isEmpty, pairs.allSatisfy({ $0.split(separator: "=").count == 2 }) else { return nil }
        return "probably {{ \(token) | map:\"\(pairs.joined(separator: ","))\" }}"
    }

    /// `{amount50%}`: a part of a value.
    private func shareHint(_ vocabulary: TokenVocabulary) -> String? {
        guard name.last == "%" else { return nil }
        let digits = name.dropLast().reversed().prefix { $0.isASCII && $0.isNumber }.count
        let word = name.dropLast(digits + 1)
        guard digits > 0, let token = vocabulary.suggestion(for: String(word)) else { return nil }
        return "probably {{ \(token) | percent:\(name.dropFirst(word.count).dropLast()) }}"
    }

    private static func closed(
        by closer: Character,
        from open: Int,
        start: Int,
        in text: [UInt8],
        within literal: Range<Int>
    ) -> ForeignMacro? {
        guard let mark = closer.asciiValue else { return nil }
        let isBraced = closer == "}"
        var end = open + 1
        while end < literal.upperBound, text[end] != mark {
            // Braces may hold `status: lead=install`; the other marks only a name.
            guard isBraced ? text[end] != UInt8(ascii: "{") : isNameCharacter(text[end]) else { return nil }
            end += 1
        }
        guard end < literal.upperBound, end > open + 1, end - open <= 80 else { return nil }
        let name = String(decoding: text[(open + 1)..<end], as: UTF8.self)
        return ForeignMacro(range: start..<(end + 1), name: name)
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        TokenName.isCharacter(byte) || byte == UInt8(ascii: ":")
    }
}
