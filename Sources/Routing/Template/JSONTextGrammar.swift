/// Checks that a body with tokens in it is one JSON value (RFC 8259) whatever the tokens become, and tells for each
/// token whether it stands inside a string or is a value itself.
///
/// A token may not stand in a member's name: a value must not be able to name another member.
struct JSONTextGrammar {
    private(set) var flaws: [TemplateFlaw] = []

    private enum Wanted {
        case value
        case valueOrEnd
        case name
        case nameOrEnd
        case colon
        case commaOrEnd
        case nothing
    }

    private let text: [UInt8]
    private let pieces: [TemplatePiece]
    private var wanted = Wanted.value
    /// The open objects (true) and arrays (false).
    private var open: [Bool] = []
    private var string: StringKind?

    private enum StringKind {
        case value
        case name
    }

    init(_ text: [UInt8], _ pieces: [TemplatePiece]) {
        self.text = text
        self.pieces = pieces
    }

    /// The place of every piece. Stops at the first flaw of the structure.
    mutating func check() -> [TokenPlace] {
        var places: [TokenPlace] = []
        do throws(TemplateFlaw) {
            for piece in pieces {
                places.append(string == nil ? .jsonValue : .jsonString)
                if piece.isToken { try token(at: piece.range.lowerBound) } else { try literal(piece.range) }
            }
            if string != nil { throw flaw(text.count, "a string is not closed") }
            if wanted != .nothing { throw flaw(text.count, text.isEmpty ? "it is empty" : "it ends too early") }
        } catch {
            flaws.append(error)
        }
        return places
    }

    private mutating func token(at position: Int) throws(TemplateFlaw) {
        if string == .name || wanted == .name || wanted == .nameOrEnd {
            throw flaw(position, "a token may not stand in the name of a member")
        }
        if string == .value { return }
        guard wanted == .value || wanted == .valueOrEnd else {
            throw flaw(position, "a token stands where \(expectation) should be")
        }
        endValue()
    }

    private mutating func literal(_ range: Range<Int>) throws(TemplateFlaw) {
        var position = range.lowerBound
        while position < range.upperBound {
            if string != nil {
                position = try stringPart(position, range.upperBound)
                continue
            }
            let byte = text[position]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            case UInt8(ascii: "\""):
                string = try openString(position)
                position += 1
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                try expectValue(position)
                open.append(byte == UInt8(ascii: "{"))
                if open.count > 64 { throw flaw(position, "it is nested deeper than 64 levels") }
                wanted = byte == UInt8(ascii: "{") ? .nameOrEnd : .valueOrEnd
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                try close(byte == UInt8(ascii: "}"), position)
                position += 1
            case UInt8(ascii: ":"):
                guard wanted == .colon else { throw unexpected(position) }
                wanted = .value
                position += 1
            case UInt8(ascii: ","):
                guard wanted == .commaOrEnd else { throw unexpected(position) }
                wanted = open.last == true ? .name : .value
                position += 1
            default:
                try expectValue(position)
                position = try word(position, range.upperBound)
                endValue()
            }
        }
    }

    private func openString(_ position: Int) throws(TemplateFlaw) -> StringKind {
        switch wanted {
        case .name, .nameOrEnd: return .name
        case .value, .valueOrEnd: return .value
        default: throw unexpected(position)
        }
    }

    /// One character or escape of a string, or its end.
    private mutating func stringPart(_ position: Int, _ end: Int) throws(TemplateFlaw) -> Int {
        switch text[position] {
        case UInt8(ascii: "\""):
            if string == .name { wanted = .colon } else { endValue() }
            string = nil
            return position + 1
        case UInt8(ascii: "\\"):
            guard position + 1 < end else { throw flaw(position, "a backslash stands in front of a token") }
            let escape = text[position + 1]
            if "\"\\/bfnrt".utf8.contains(escape) { return position + 2 }
            let digits = text[min(position + 2, end)..<min(position + 6, end)]
            guard escape == UInt8(ascii: "u"), digits.count == 4, digits.allSatisfy({ Hexadecimal.value($0) != nil })
            else {
                throw flaw(position, "a backslash must be followed by one of \" \\ / b f n r t or u and four digits")
            }
            return position + 6
        case 0..<0x20: throw flaw(position, "a string holds \(URITextGrammar.describe(text, at: position))")
        default: return position + 1
        }
    }

    private func word(_ position: Int, _ end: Int) throws(TemplateFlaw) -> Int {
        let word = text[position..<end].prefix { !" \t\r\n,:{}[]\"".utf8.contains($0) }
        if JSONNumber.matches(word.span) || JSONNumber.isBoolean(word.span) || word.elementsEqual("null".utf8) {
            return word.endIndex
        }
        throw flaw(position, "\"\(String(decoding: word, as: UTF8.self))\" is neither a number nor true, false or null")
    }

    private mutating func close(_ isObject: Bool, _ position: Int) throws(TemplateFlaw) {
        let fits = wanted == .commaOrEnd || wanted == (isObject ? .nameOrEnd : .valueOrEnd)
        guard fits, open.last == isObject else { throw unexpected(position) }
        open.removeLast()
        endValue()
    }

    private func expectValue(_ position: Int) throws(TemplateFlaw) {
        guard wanted == .value || wanted == .valueOrEnd else { throw unexpected(position) }
    }

    private mutating func endValue() {
        wanted = open.isEmpty ? .nothing : .commaOrEnd
    }

    private var expectation: String {
        switch wanted {
        case .value, .valueOrEnd: "a value"
        case .name, .nameOrEnd: "a member's name in quotation marks"
        case .colon: "a colon"
        case .commaOrEnd: "a comma or a closing bracket"
        case .nothing: "the end"
        }
    }

    private func unexpected(_ position: Int) -> TemplateFlaw {
        flaw(position, "\(URITextGrammar.describe(text, at: position)) stands where \(expectation) should be")
    }

    private func flaw(_ position: Int, _ reason: String) -> TemplateFlaw {
        TemplateFlaw(
            at: position,
            "the body is not JSON: \(reason)",
            hint: "a token inside quotation marks becomes part of the string, one without becomes a value"
        )
    }
}
