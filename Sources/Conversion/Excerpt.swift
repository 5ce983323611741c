/// Shows a piece of somebody's data in a message: short, on one line, without control characters.
enum Excerpt {
    /// The bytes as text, cut with an ellipsis after `limit` bytes; `quote` and the backslash are escaped.
    static func text(_ bytes: [UInt8], limit: Int = 40, quote: Character = "\"") -> String {
        var end = min(bytes.count, limit)
        // Not in the middle of a character.
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        var text = ""
        for scalar in String(decoding: bytes[..<end], as: UTF8.self).unicodeScalars {
            if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.properties.generalCategory == .format
            {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                if Character(scalar) == quote || scalar == "\\" { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        }
        return end < bytes.count ? text + "…" : text
    }

    /// What stands at a byte of the text: `the end of the body`, `"x"`, `byte 0x80`.
    static func byte(_ text: Span<UInt8>, _ offset: Int) -> String {
        guard offset < text.count else { return "the end of the body" }
        let byte = text[offset]
        if byte == UInt8(ascii: "\"") { return "a quotation mark" }
        if byte > 0x20, byte < 0x7F { return "\"" + String(UnicodeScalar(byte)) + "\"" }
        return "byte 0x" + String(byte, radix: 16, uppercase: true)
    }

    /// What kind of JSON value begins at a byte: `a string`, `an object`.
    static func kind(_ text: Span<UInt8>, _ offset: Int) -> String {
        guard offset < text.count else { return "missing" }
        switch text[offset] {
        case UInt8(ascii: "\""): return "a string"
        case UInt8(ascii: "{"): return "an object"
        case UInt8(ascii: "["): return "an array"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return "a boolean"
        case UInt8(ascii: "n"): return "null"
        default: return "a number"
        }
    }

    /// The string or number that begins at a byte, in quotation marks.
    static func value(_ text: Span<UInt8>, _ offset: Int) -> String {
        var scanner = JSONScanner()
        scanner.position = offset
        scanner.storage.append(contentsOf: repeatElement(0, count: text.count))
        guard offset < text.count, text[offset] == UInt8(ascii: "\""), let range = try? scanner.scanString(text) else {
            var end = offset
            while end < text.count, end < offset + 60, !" ,]}\r\n\t".utf8.contains(text[end]) { end += 1 }
            return "\"" + self.text((offset..<end).map { text[$0] }) + "\""
        }
        if Int(range.start) >= text.count { return "\"" + self.text(Array(scanner.storage[range.indices])) + "\"" }
        return "\"" + self.text(range.indices.map { text[$0] }) + "\""
    }
}
