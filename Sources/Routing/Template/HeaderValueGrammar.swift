/// What the literal parts of a header's value may hold: visible ASCII, blank and tab (RFC 9110, section 5.5, without
/// the obsolete rest).
enum HeaderValueGrammar {
    static func flaws(in text: [UInt8], _ pieces: [TemplatePiece]) -> [TemplateFlaw] {
        for piece in pieces where !piece.isToken {
            for position in piece.range where !isAllowed(text[position]) {
                return [
                    TemplateFlaw(
                        at: position,
                        "a header's value may not hold \(URITextGrammar.describe(text, at: position))",
                        hint: "visible ASCII characters and blanks are allowed"
                    )
                ]
            }
        }
        return []
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte < 0x7F) || byte == 0x09
    }
}
