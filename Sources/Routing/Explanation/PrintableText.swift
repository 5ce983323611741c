/// Texts of events and answers on a terminal: what would move its cursor or change its colours is written out.
package enum PrintableText {
    /// One line: line breaks and other control characters become `\n`, `\t`, `\u{1b}`.
    package static func line(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
        return text.unicodeScalars.reduce(into: "") { $0 += escaped($1) }
    }

    /// The same with line feeds kept.
    package static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default: break
        }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
            return "\\u{" + String(scalar.value, radix: 16) + "}"
        default: return String(Character(scalar))
        }
    }
}
