/// Finds what happens to a URL that was copied through a web page or an e-mail: `&amp;` for `&`, and `¤cy` where
/// `&currency` began with the name of an HTML entity.
enum MarkupDamage {
    static func flaws(in text: [UInt8]) -> [TemplateFlaw] {
        var flaws: [TemplateFlaw] = []
        for position in text.indices {
            switch text[position] {
            case UInt8(ascii: "&") where position + 3 < text.count && firstLetters.contains(text[position + 1]):
                for reference in references where text[position...].starts(with: reference.utf8) {
                    flaws.append(
                        TemplateFlaw(
                            at: position,
                            "\"\(reference)\" is the HTML spelling of a character; the URL was copied from a web page's source",
                            hint: reference == "&amp;" ? "write & alone" : "write the character itself, or its %XX form"
                        )
                    )
                }
            case 0xC2, 0xC3:
                if let flaw = entity(in: text, at: position, length: 2, lead: text[position]) { flaws.append(flaw) }
            case UInt8(ascii: "%"):
                if let flaw = escapedEntity(in: text, at: position) { flaws.append(flaw) }
            default: break
            }
        }
        return flaws
    }

    private static let firstLetters: [UInt8] = Array("aqlgn".utf8)
    private static let references = ["&amp;", "&quot;", "&apos;", "&lt;", "&gt;", "&nbsp;"]

    /// The second byte in UTF-8 of the character that each entity name turns into (the first is C2, or C3).
    private static let entities: [(lead: UInt8, byte: UInt8, name: String, example: String)] = [
        (0xC2, 0xA4, "curren", "currency"), (0xC2, 0xB6, "para", "param"), (0xC2, 0xA9, "copy", "copy"),
        (0xC2, 0xAE, "reg", "region"), (0xC2, 0xA7, "sect", "section"), (0xC2, 0xAC, "not", "note"),
        (0xC2, 0xB5, "micro", "micro"), (0xC2, 0xB0, "deg", "deg"), (0xC2, 0xA2, "cent", "cent"),
        (0xC2, 0xA3, "pound", "pound"), (0xC2, 0xA5, "yen", "yen"), (0xC2, 0xB1, "plusmn", "plusmn"),
        (0xC3, 0x97, "times", "timestamp"), (0xC3, 0xB7, "divide", "divide"),
    ]

    private static func entity(in text: [UInt8], at position: Int, length: Int, lead: UInt8) -> TemplateFlaw? {
        guard position + 1 < text.count else { return nil }
        guard let entity = entities.first(where: { $0.lead == lead && $0.byte == text[position + 1] }) else {
            return nil
        }
        return flaw(entity.name, entity.example, text, at: position, length: length)
    }

    /// `%C2%A4` and `%C2%B6`: the same damage, percent-encoded afterwards.
    private static func escapedEntity(in text: [UInt8], at position: Int) -> TemplateFlaw? {
        let escape = String(decoding: text[position...].prefix(6), as: UTF8.self).uppercased()
        switch escape {
        case "%C2%A4": return flaw("curren", "currency", text, at: position, length: 6)
        case "%C2%B6": return flaw("para", "param", text, at: position, length: 6)
        default: return nil
        }
    }

    private static func flaw(
        _ name: String,
        _ example: String,
        _ text: [UInt8],
        at position: Int,
        length: Int
    ) -> TemplateFlaw {
        let rest = text[(position + length)...].prefix { TokenName.isCharacter($0) }
        let found = String(decoding: text[position..<position + length], as: UTF8.self)
        let meant = rest.isEmpty ? example : name + String(decoding: rest, as: UTF8.self)
        return TemplateFlaw(
            at: position,
            "\"\(found)\" is what a web page makes of \"&\(name)\"",
            hint: "the parameter was probably &\(meant)"
        )
    }
}
