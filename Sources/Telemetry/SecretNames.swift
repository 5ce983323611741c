/// Finds the `mask` words in the names of parameters and headers, without allocating.
struct SecretNames: Sendable {
    /// Lower case, letters and digits only.
    private let words: [[UInt8]]

    init(words: [String]) {
        self.words = words.compactMap { word in
            let letters = word.utf8.filter(Self.isWordByte).map(Self.lower)
            return letters.isEmpty ? nil : letters
        }
    }

    func match(_ name: [UInt8]) -> Bool {
        match(name, 0..<name.count)
    }

    /// Whether the name in `range` holds a mask word; a percent-encoded name is decoded first.
    func match(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        if text[range].contains(UInt8(ascii: "%")) {
            let decoded = PercentDecoding.decode(Array(text[range]))
            return matchDecoded(decoded, 0..<decoded.count)
        }
        return matchDecoded(text, range)
    }

    private func matchDecoded(_ text: [UInt8], _ range: Range<Int>) -> Bool {
        for word in words where word.count <= range.count {
            for start in range where Self.lower(text[start]) == word[0] {
                if let end = Self.end(of: word, text, start..<range.upperBound), Self.isWordEnd(text, end, range) {
                    return true
                }
            }
        }
        return false
    }

    /// The index after the word, if it stands at the start of `range`; what separates words is passed over.
    private static func end(of word: [UInt8], _ text: [UInt8], _ range: Range<Int>) -> Int? {
        var matched = 0
        for index in range {
            if lower(text[index]) == word[matched] {
                matched += 1
                if matched == word.count { return index + 1 }
            } else if isWordByte(text[index]) {
                return nil
            }
        }
        return nil
    }

    /// Whether a word of the name ends before `index`, or ends there but for a plural s.
    private static func isWordEnd(_ text: [UInt8], _ index: Int, _ range: Range<Int>) -> Bool {
        if isBoundary(text, index, range) { return true }
        return lower(text[index]) == UInt8(ascii: "s") && isBoundary(text, index + 1, range)
    }

    /// Between two bytes: at the end, at a separator, where letters meet digits, or at a camel's hump.
    private static func isBoundary(_ text: [UInt8], _ index: Int, _ range: Range<Int>) -> Bool {
        guard index < range.upperBound, isWordByte(text[index]) else { return true }
        let (before, after) = (text[index - 1], text[index])
        return isDigit(before) != isDigit(after) || (!isUpper(before) && isUpper(after))
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower(byte))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isUpper(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        isUpper(byte) ? byte + 32 : byte
    }
}
