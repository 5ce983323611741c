/// A stretch of a template's text: literal, or one token with its braces.
struct TemplatePiece {
    var range: Range<Int>
    var isToken: Bool
    /// nil for a literal, and for a token that is faulty.
    var token: TemplateToken?

    /// Cuts a text at its `{{` and `}}`; a faulty token is reported and stays a piece of its own.
    static func split(
        _ text: [UInt8],
        _ vocabulary: TokenVocabulary,
        flaws: inout [TemplateFlaw]
    ) -> [TemplatePiece] {
        var pieces: [TemplatePiece] = []
        var literalStart = 0
        var position = 0
        while position + 1 < text.count {
            guard text[position] == UInt8(ascii: "{"), text[position + 1] == UInt8(ascii: "{") else {
                position += 1
                continue
            }
            if literalStart < position {
                pieces.append(TemplatePiece(range: literalStart..<position, isToken: false))
            }
            var end: Int
            var token: TemplateToken?
            do throws(TemplateFlaw) {
                let parsed = try TokenParser.parse(text, from: position + 2, vocabulary)
                token = parsed.token
                end = parsed.end
            } catch {
                flaws.append(error)
                end = TokenParser.recovery(text, from: position + 2)
            }
            pieces.append(TemplatePiece(range: position..<end, isToken: true, token: token))
            position = end
            literalStart = end
        }
        if literalStart < text.count {
            pieces.append(TemplatePiece(range: literalStart..<text.count, isToken: false))
        }
        return pieces
    }
}
