/// Finds the tokens of a URL that is written in another system's syntax.
///
/// What has the marks of a token but not its form (a name, and perhaps filters where the marks leave room for them) is no
/// token: it stays, and the grammar of URLs tells what is wrong with it.
struct MacroScanner {
    struct Macro {
        /// The name, and its filters.
        var content: Range<Int>
        /// Behind the closing mark.
        var end: Int
    }

    private let text: [UInt8]
    private let syntax: MacroSyntax
    private let vocabulary: TokenVocabulary

    init(_ text: [UInt8], _ syntax: MacroSyntax, _ vocabulary: TokenVocabulary) {
        self.text = text
        self.syntax = syntax
        self.vocabulary = vocabulary
    }

    /// The token that begins at `position`.
    func macro(at position: Int) -> Macro? {
        switch syntax {
        case .mustache: nil
        case .braces: enclosed(position, "{", "}")
        case .brackets: enclosed(position, "[", "]")
        case .angle: enclosed(position, "<", ">")
        case .dollarBraces:
            text[position] == UInt8(ascii: "$") && position + 1 < text.count
                ? enclosed(position + 1, "{", "}") : nil
        case .hash: named(position, UInt8(ascii: "#"))
        case .percent: percent(position)
        case .dollar: dollar(position)
        }
    }

    /// Between two different marks: filters may follow the name.
    private func enclosed(_ position: Int, _ open: Unicode.Scalar, _ close: Unicode.Scalar) -> Macro? {
        guard text[position] == UInt8(ascii: open), let start = nameStart(position + 1) else { return nil }
        var end = nameEnd(start)
        while end < text.count, text[end] == 0x20 { end += 1 }
        guard end < text.count else { return nil }
        if text[end] == UInt8(ascii: "|") { end = filtersEnd(end, UInt8(ascii: close)) }
        guard end < text.count, text[end] == UInt8(ascii: close) else { return nil }
        return Macro(content: position + 1..<end, end: end + 1)
    }

    /// The closing mark behind filters; one inside quotation marks does not close.
    private func filtersEnd(_ start: Int, _ close: UInt8) -> Int {
        var position = start
        var quote: UInt8?
        while position < text.count {
            let byte = text[position]
            if let open = quote {
                if byte == UInt8(ascii: "\\") { position += 1 } else if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == close {
                return position
            }
            position += 1
        }
        return text.count
    }

    /// Between two equal marks: only a name.
    private func named(_ position: Int, _ mark: UInt8) -> Macro? {
        guard text[position] == mark, position + 1 < text.count, TokenName.isStart(text[position + 1]) else {
            return nil
        }
        let end = nameEnd(position + 1)
        guard end < text.count, text[end] == mark else { return nil }
        return Macro(content: position + 1..<end, end: end + 1)
    }

    /// `%name%` beside `%C3%BC`: where both could be meant it is a token if there is one of that name; two digits
    /// alone are always an escape.
    private func percent(_ position: Int) -> Macro? {
        guard let macro = named(position, UInt8(ascii: "%")) else { return nil }
        guard isEscape(position) else { return macro }
        if macro.content.count == 2 { return nil }
        let name = String(decoding: text[macro.content], as: UTF8.self)
        if vocabulary.source(of: name) != nil { return macro }
        // "%campaign%" begins like an escape, but its last % belongs to none.
        return isEscape(macro.end - 1) ? nil : macro
    }

    private func isEscape(_ position: Int) -> Bool {
        position + 2 < text.count && Hexadecimal.value(text[position + 1]) != nil
            && Hexadecimal.value(text[position + 2]) != nil
    }

    /// `$name`: nothing closes it, so the longest token that fits is meant; else letters, digits and `_`.
    private func dollar(_ position: Int) -> Macro? {
        let start = position + 1
        guard text[position] == UInt8(ascii: "$"), start < text.count, TokenName.isStart(text[start]) else {
            return nil
        }
        let longest = nameEnd(start)
        var end = longest
        while end > start {
            let name = String(decoding: text[start..<end], as: UTF8.self)
            if TokenName.isValid(name), vocabulary.source(of: name) != nil {
                return Macro(content: start..<end, end: end)
            }
            end -= 1
        }
        end = start
        while end < longest, text[end] != UInt8(ascii: "-"), text[end] != UInt8(ascii: ".") { end += 1 }
        return Macro(content: start..<end, end: end)
    }

    private func nameStart(_ position: Int) -> Int? {
        var start = position
        while start < text.count, text[start] == 0x20 { start += 1 }
        return start < text.count && TokenName.isStart(text[start]) ? start : nil
    }

    private func nameEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, TokenName.isCharacter(text[end]) { end += 1 }
        return end
    }
}
