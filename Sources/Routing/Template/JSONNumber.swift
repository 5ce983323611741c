/// Numbers as RFC 8259, section 6 writes them.
enum JSONNumber {
    static func matches(_ text: Span<UInt8>) -> Bool {
        var position = 0
        if character(text, position) == UInt8(ascii: "-") { position += 1 }
        if character(text, position) == UInt8(ascii: "0") {
            position += 1
        } else if !skipDigits(text, &position) {
            return false
        }
        if character(text, position) == UInt8(ascii: ".") {
            position += 1
            if !skipDigits(text, &position) { return false }
        }
        if let byte = character(text, position), byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = character(text, position), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                position += 1
            }
            if !skipDigits(text, &position) { return false }
        }
        return position == text.count
    }

    /// `true` or `false`.
    static func isBoolean(_ text: Span<UInt8>) -> Bool {
        equals(text, "true") || equals(text, "false")
    }

    /// False when there is no digit.
    private static func skipDigits(_ text: Span<UInt8>, _ position: inout Int) -> Bool {
        let start = position
        while let byte = character(text, position), byte >= 0x30, byte <= 0x39 { position += 1 }
        return position > start
    }

    private static func character(_ text: Span<UInt8>, _ position: Int) -> UInt8? {
        position < text.count ? text[position] : nil
    }

    private static func equals(_ text: Span<UInt8>, _ word: String) -> Bool {
        guard text.count == word.utf8.count else { return false }
        for (i, byte) in word.utf8.enumerated() where text[i] != byte { return false }
        return true
    }
}
