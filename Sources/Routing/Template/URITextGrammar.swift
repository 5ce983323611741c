import Documents

/// Checks the literal parts of a path and query, or of a form body, and tells for each token where it stands.
///
/// Literals are kept byte for byte and so must be legal (RFC 3986, sections 3.3 and 3.4): non-ASCII and other illegal
/// characters are refused with their `%XX` form rather than silently changed.
struct URITextGrammar {
    private(set) var flaws: [TemplateFlaw] = []

    private let text: [UInt8]
    private let pieces: [TemplatePiece]
    private let vocabulary: TokenVocabulary
    private let isForm: Bool

    private var isInQuery: Bool
    private var hasIllegalCharacter = false
    private var hasDoubleEncoding = false
    private var part: Part
    /// Where they stand, with whether the click id is the value. Few, so that a search is quicker than a table.
    private var parameterNames: [(name: Range<Int>, hasClickID: Bool)] = []

    /// A path segment or a parameter while it is read.
    private struct Part {
        var start: Int
        var hasToken = false
        var equals: Int?
        var nameHasToken = false
        var hasClickID = false
    }

    init(_ text: [UInt8], _ pieces: [TemplatePiece], _ vocabulary: TokenVocabulary, isForm: Bool) {
        self.text = text
        self.pieces = pieces
        self.vocabulary = vocabulary
        self.isForm = isForm
        isInQuery = isForm
        part = Part(start: !isForm && text.first == UInt8(ascii: "/") ? 1 : 0)
    }

    /// The place of every piece; a literal's is that of its end.
    mutating func check() -> [TokenPlace] {
        var places: [TokenPlace] = []
        for piece in pieces {
            if piece.isToken {
                part.hasToken = true
                if piece.token?.source.isRequired == true { part.hasClickID = true }
                if part.equals == nil { part.nameHasToken = true }
            } else {
                checkLiteral(piece.range)
            }
            places.append(isForm ? .form : isInQuery ? .query : .path)
        }
        endPart(at: text.count)
        return places
    }

    private mutating func checkLiteral(_ range: Range<Int>) {
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = text[position]
            if byte == UInt8(ascii: "%"), let macro = LiteralMacro.encoded(at: position, in: text, range, vocabulary) {
                flaws.append(macro.flaw)
                position = macro.end
                continue
            }
            if byte == UInt8(ascii: "%")
                ? isEscape(at: position, range) : URICharacters.allows(byte, inQuery: isInQuery)
            {
                if byte == UInt8(ascii: "%"), !hasDoubleEncoding,
                    let flaw = DoubleEncoding.flaw(in: text, at: position, within: range)
                {
                    hasDoubleEncoding = true
                    flaws.append(flaw)
                }
                delimit(byte, at: position)
                position += 1
            } else {
                position = report(position, range)
            }
        }
    }

    private mutating func delimit(_ byte: UInt8, at position: Int) {
        switch byte {
        case UInt8(ascii: "/") where !isInQuery:
            if position >= part.start { endPart(at: position) }
        case UInt8(ascii: "?") where !isInQuery:
            endPart(at: position)
            isInQuery = true
        case UInt8(ascii: "&") where isInQuery:
            endPart(at: position)
        case UInt8(ascii: "=") where isInQuery && part.equals == nil:
            part.equals = position
        default: break
        }
    }

    private mutating func endPart(at end: Int) {
        defer { part = Part(start: end + 1) }
        guard part.start <= end else { return }
        if !isInQuery {
            if part.hasToken { return }
            let segment = text[part.start..<end]
            if DotSegment.matches(segment) {
                flaws.append(
                    TemplateFlaw(
                        at: part.start,
                        "the path holds the segment \"\(String(decoding: segment, as: UTF8.self))\"",
                        hint: "write the path it leads to"
                    )
                )
            }
            checkPlaceholder(segment, name: nil)
            return
        }
        let nameEnd = part.equals ?? end
        if !part.nameHasToken, nameEnd > part.start {
            if let hadClickID = note(part.start..<nameEnd) {
                let name = text[part.start..<nameEnd]
                let losesClickID = hadClickID != part.hasClickID
                flaws.append(
                    TemplateFlaw(
                        losesClickID ? .error : .warning,
                        at: part.start,
                        "the parameter \"\(String(decoding: name, as: UTF8.self))\" stands here twice",
                        hint: losesClickID
                            ? "most receivers read only one of them, and one is the click id; leave the other out"
                            : "most receivers read only one of them"
                    )
                )
            }
        }
        if let equals = part.equals, !part.hasToken {
            checkPlaceholder(text[(equals + 1)..<end], name: text[part.start..<equals])
        }
    }

    /// Keeps the name of a parameter and whether the click id is its value; whether that was so the last time, if it was
    /// there.
    private mutating func note(_ name: Range<Int>) -> Bool? {
        let known = parameterNames.firstIndex { other in
            other.name.count == name.count && text[other.name].elementsEqual(text[name])
        }
        guard let known else {
            parameterNames.append((name, part.hasClickID))
            return nil
        }
        defer { parameterNames[known].hasClickID = part.hasClickID }
        return parameterNames[known].hasClickID
    }

    /// `REPLACE` and `OPTIONAL` are what Voluum's and BeMob's pages print where a token belongs.
    private mutating func checkPlaceholder(_ value: ArraySlice<UInt8>, name: ArraySlice<UInt8>?) {
        guard let first = value.first else { return }
        let isLetter = (0x41...0x5A).contains(first & 0xDF)
        guard isLetter || first == UInt8(ascii: "$"), value.count <= 80 else { return }
        // Nearly every word ends here, before it becomes a String.
        if isLetter, value.count != 7, value.count != 8, name == nil || !value.allSatisfy(LiteralMacro.isCapital) {
            return
        }
        let word = String(decoding: value, as: UTF8.self)
        guard ["REPLACE", "OPTIONAL"].contains(word.uppercased()) else {
            if let flaw = LiteralMacro.flaw(of: word, at: value.startIndex, isValue: name != nil, vocabulary) {
                flaws.append(flaw)
            }
            return
        }
        let parameter = name.map { String(decoding: $0, as: UTF8.self) }
        let token = parameter.flatMap { vocabulary.suggestion(for: $0) }
        let hint =
            if let parameter, let token { "probably \(parameter)={{\(token)}}" } else if word == "OPTIONAL" {
                "put a token there, or leave the parameter out"
            } else { "put a token there, such as {{click_id}}" }
        // In small letters it may be a word of the receiver's.
        let isSure = word == word.uppercased()
        flaws.append(
            TemplateFlaw(
                isSure ? .error : .warning,
                at: value.startIndex,
                "\"\(word)\" is the tracker's place-holder, not a value",
                hint: hint
            )
        )
    }

    private func isEscape(at position: Int, _ range: Range<Int>) -> Bool {
        position + 2 < range.upperBound && Hexadecimal.value(text[position + 1]) != nil
            && Hexadecimal.value(text[position + 2]) != nil
    }

    /// Reports what stands at `position`, and returns where to go on.
    private mutating func report(_ position: Int, _ range: Range<Int>) -> Int {
        if let macro = ForeignMacro.around(position, in: text, within: range) {
            flaws.append(macro.flaw(in: text, vocabulary))
            return max(macro.range.upperBound, position + 1)
        }
        if text[position] == UInt8(ascii: "#") {
            flaws.append(
                TemplateFlaw(
                    at: position,
                    isForm
                        ? "a # in a form must be written %23"
                        : "the URL has a fragment (#), which is never sent to a server",
                    hint: isForm ? nil : "leave it out, or write %23 if the character is meant"
                )
            )
            return isForm ? position + 1 : range.upperBound
        }
        // One illegal character is enough; the rest of a sentence in the wrong place would only bury it.
        if !hasIllegalCharacter, !isCoveredByMarkupDamage(position) {
            hasIllegalCharacter = true
            flaws.append(illegal(at: position))
        }
        return position + 1
    }

    private func isCoveredByMarkupDamage(_ position: Int) -> Bool {
        text[position] >= 0x80 && !MarkupDamage.flaws(in: text).isEmpty
    }

    private func illegal(at position: Int) -> TemplateFlaw {
        let subject = isForm ? "a form" : "a URL"
        if text[position] == UInt8(ascii: "%") {
            return TemplateFlaw(
                at: position,
                "a % in \(subject) must be followed by two hexadecimal digits",
                hint: "write %25 if a percent sign is meant"
            )
        }
        let scalar = Self.scalar(text, at: position)
        let escaped = scalar.utf8.reduce(into: [UInt8]()) { Hexadecimal.appendEscape(of: $1, to: &$0) }
        let escape = String(decoding: escaped, as: UTF8.self)
        return TemplateFlaw(
            at: position,
            "\(subject) may not hold \(Self.describe(text, at: position))",
            hint: text[position] == UInt8(ascii: "}") ? "}} without {{ before it" : "write \(escape) if it is meant"
        )
    }
}
