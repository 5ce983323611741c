/// The rule for ids: 1 to 200 characters, not blank, no control characters.
enum Identifier {
    /// Why a text can not be an id.
    enum Fault: Error {
        case empty, blank, tooLong, controlCharacter
        /// Only of an attribute of a CloudEvent: the body is checked as a whole.
        case notUTF8
    }

    /// `text` must be valid UTF-8: characters are counted by their first bytes.
    static func check(_ text: Span<UInt8>) throws(Fault) {
        guard !text.isEmpty else { throw .empty }
        if isPlain(text) { return }
        var characters = 0
        var isBlank = true
        for index in text.indices {
            let byte = text[index]
            if byte < 0x20 || byte == 0x7F { throw .controlCharacter }
            if byte & 0xC0 != 0x80 { characters += 1 }
            if byte != 0x20 { isBlank = false }
        }
        if isBlank { throw .blank }
        if characters > ConversionEvent.identifierLimit { throw .tooLong }
    }

    /// Whether an id is in order at first sight, eight bytes at a time: no more bytes than characters allowed, no space in
    /// front, and only visible ASCII or spaces.
    private static func isPlain(_ text: Span<UInt8>) -> Bool {
        guard text.count <= ConversionEvent.identifierLimit, text[0] != 0x20 else { return false }
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = text.bytes
        var index = 0
        while index &+ 8 <= text.count {
            // The loop's condition is the check of the bounds.
            let word = raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            // A high bit for every byte below 0x20, for 0x7F, and for those beyond ASCII; false alarms only cost time.
            if ((word &- (ones &* 0x20)) | (word &+ ones) | word) & (ones &* 0x80) != 0 { return false }
            index &+= 8
        }
        while index < text.count {
            guard text[index] >= 0x20, text[index] < 0x7F else { return false }
            index &+= 1
        }
        return true
    }
}
