/// The beginning of an answer's body, fit for a message: one line, no control characters.
enum BodyExcerpt {
    /// At most `limit` printable characters; blanks and line breaks in a row become one blank.
    static func text(_ body: [UInt8], limit: Int = 200) -> String {
        var text = ""
        var count = 0
        var needsBlank = false
        // Four bytes a character, and as much again for what is left out.
        for scalar in String(decoding: body.prefix(limit * 8), as: UTF8.self).unicodeScalars {
            if count == limit { return text + "…" }
            if !isPrintable(scalar) || scalar.properties.isWhitespace {
                needsBlank = needsBlank || scalar.properties.isWhitespace
                continue
            }
            if needsBlank, count > 0 {
                text += " "
                count += 1
            }
            needsBlank = false
            text.unicodeScalars.append(scalar)
            count += 1
        }
        return text
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            scalar.properties.isWhitespace
        default: true
        }
    }
}
