extension JSONScanner {
    /// Reads a string; `position` is on its quotation mark. The range excludes the quotation marks.
    mutating func scanString(_ text: Span<UInt8>) throws(ScanFault) -> ByteRange {
        let start = position &+ 1
        let index = plainRunEnd(text, from: start)
        // Nearly all strings are plain to their end; the rest is kept out of the way.
        guard index < text.count, text[index] == UInt8(ascii: "\"") else {
            return try scanOddString(text, start: start, odd: index)
        }
        position = index &+ 1
        return ByteRange(start, index)
    }

    /// Goes on with a string at its first byte that is not plain ASCII.
    @inline(never)
    private mutating func scanOddString(
        _ text: Span<UInt8>,
        start: Int,
        odd: Int
    ) throws(ScanFault) -> ByteRange {
        var index = odd
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return ByteRange(start, index)
            }
            if byte == UInt8(ascii: "\\") { return try scanEscapedString(text, start: start, escape: index) }
            guard byte >= 0x80 else { throw ScanFault(.controlCharacter, at: index) }
            index = try utf8SequenceEnd(text, from: index)
            index = plainRunEnd(text, from: index)
        }
        throw ScanFault(.unterminatedString, at: text.count)
    }

    /// Marks, by their high bits, the quotation marks, backslashes, control characters and bytes beyond ASCII among eight
    /// bytes. Only the lowest mark is sure to be right.
    @inline(__always)
    static func oddBytes(_ word: UInt64) -> UInt64 {
        // A subtraction makes a byte's high bit where the byte is below what is subtracted; borrows can only mark bytes
        // after the first one found. Flipping bit 1 puts the quotation mark (0x22) next to the control characters and the
        // space (0x20) away from them, so that one subtraction finds both.
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quoteOrControl = (word ^ (ones &* 0x02)) &- (ones &* 0x21)
        let backslash = (word ^ (ones &* 0x5C)) &- ones
        return (quoteOrControl | backslash | word) & (ones &* 0x80)
    }

    /// The same for sixteen bytes: the marks of either half.
    @inline(__always)
    private static func oddBytes(_ words: SIMD2<UInt64>) -> SIMD2<UInt64> {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quoteOrControl = (words ^ SIMD2(repeating: ones &* 0x02)) &- SIMD2(repeating: ones &* 0x21)
        let backslash = (words ^ SIMD2(repeating: ones &* 0x5C)) &- SIMD2(repeating: ones)
        return (quoteOrControl | backslash | words) & SIMD2(repeating: ones &* 0x80)
    }

    /// The first byte from `start` on that is a quotation mark, a backslash, a control character or not ASCII.
    @inline(__always)
    private func plainRunEnd(_ text: Span<UInt8>, from start: Int) -> Int {
        // In both loops the condition is the check of the bounds.
        let raw = text.bytes
        var index = start
        while index &+ 16 <= text.count {
            let words = raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: SIMD2<UInt64>.self)
            let odd = Self.oddBytes(SIMD2(UInt64(littleEndian: words[0]), UInt64(littleEndian: words[1])))
            if odd[0] | odd[1] != 0 {
                return odd[0] != 0
                    ? index &+ (odd[0].trailingZeroBitCount &>> 3) : index &+ 8 &+ (odd[1].trailingZeroBitCount &>> 3)
            }
            index &+= 16
        }
        while index < text.count {
            let byte = text[index]
            if byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80 { break }
            index &+= 1
        }
        return index
    }

    /// The rest of a string from its first backslash on; the value goes to the end of `storage`.
    private mutating func scanEscapedString(
        _ text: Span<UInt8>,
        start: Int,
        escape: Int
    ) throws(ScanFault) -> ByteRange {
        let valueStart = storage.count
        copy(text, start, escape)
        var index = escape
        while true {
            guard index < text.count else { throw ScanFault(.unterminatedString, at: text.count) }
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "\""):
                position = index + 1
                let value = ByteRange(valueStart, storage.count)
                unescaped.append(UnescapedString(offset: UInt32(truncatingIfNeeded: start), value: value))
                return value
            case UInt8(ascii: "\\"): index = try unescape(text, at: index)
            case 0x80...:
                let end = try utf8SequenceEnd(text, from: index)
                copy(text, index, end)
                index = end
            case 0..<0x20: throw ScanFault(.controlCharacter, at: index)
            default:
                let end = plainRunEnd(text, from: index)
                copy(text, index, end)
                index = end
            }
        }
    }

    private mutating func copy(_ text: Span<UInt8>, _ start: Int, _ end: Int) {
        // An array takes a whole run only from a buffer; byte by byte would be the slow part of escaped strings.
        text.extracting(start..<end).withUnsafeBufferPointer { storage.append(contentsOf: $0) }
    }

    /// Appends what the escape at `index` stands for; returns the index after it.
    private mutating func unescape(_ text: Span<UInt8>, at index: Int) throws(ScanFault) -> Int {
        guard index + 1 < text.count else { throw ScanFault(.unterminatedString, at: text.count) }
        switch text[index + 1] {
        case UInt8(ascii: "\""): storage.append(0x22)
        case UInt8(ascii: "\\"): storage.append(0x5C)
        case UInt8(ascii: "/"): storage.append(0x2F)
        case UInt8(ascii: "b"): storage.append(0x08)
        case UInt8(ascii: "f"): storage.append(0x0C)
        case UInt8(ascii: "n"): storage.append(0x0A)
        case UInt8(ascii: "r"): storage.append(0x0D)
        case UInt8(ascii: "t"): storage.append(0x09)
        case UInt8(ascii: "u"): return try unescapeUnicode(text, at: index)
        default: throw ScanFault(.invalidEscape, at: index)
        }
        return index + 2
    }

    /// `\u0041`, or two of them for a character beyond U+FFFF (RFC 8259, section 7).
    private mutating func unescapeUnicode(_ text: Span<UInt8>, at index: Int) throws(ScanFault) -> Int {
        let unit = try codeUnit(text, at: index)
        if let scalar = Unicode.Scalar(unit) {
            storage.append(contentsOf: scalar.utf8)
            return index + 6
        }
        // UnicodeScalar refuses exactly the surrogates: a high one must come first, a low one must follow.
        let low = index + 6
        guard unit < 0xDC00, low + 1 < text.count, text[low] == UInt8(ascii: "\\"), text[low + 1] == UInt8(ascii: "u")
        else {
            throw ScanFault(.loneSurrogate, at: index)
        }
        let second = try codeUnit(text, at: low)
        guard second >= 0xDC00, second <= 0xDFFF,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw ScanFault(.loneSurrogate, at: index) }
        storage.append(contentsOf: scalar.utf8)
        return low + 6
    }

    /// The four hexadecimal digits of the escape at `index`.
    private func codeUnit(_ text: Span<UInt8>, at index: Int) throws(ScanFault) -> UInt16 {
        guard index + 6 <= text.count else { throw ScanFault(.invalidUnicodeEscape, at: index) }
        var value: UInt16 = 0
        for position in index + 2..<index + 6 {
            let byte = text[position]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw ScanFault(.invalidUnicodeEscape, at: index)
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// The index after the UTF-8 sequence that begins at `index` with a byte beyond ASCII (RFC 3629, section 4: no
    /// overlong forms, no surrogates, nothing above U+10FFFF).
    func utf8SequenceEnd(_ text: Span<UInt8>, from index: Int) throws(ScanFault) -> Int {
        let count: Int
        // The range of the second byte is what keeps the bad forms out.
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch text[index] {
        case 0xC2...0xDF: count = 2
        case 0xE0: (count, second) = (3, 0xA0...0xBF)
        case 0xED: (count, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: count = 3
        case 0xF0: (count, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: count = 4
        case 0xF4: (count, second) = (4, 0x80...0x8F)
        default: throw ScanFault(.invalidUTF8, at: index)
        }
        guard index + count <= text.count, second.contains(text[index + 1]) else {
            throw ScanFault(.invalidUTF8, at: index)
        }
        var position = index + 2
        while position < index + count {
            guard text[position] & 0xC0 == 0x80 else { throw ScanFault(.invalidUTF8, at: index) }
            position += 1
        }
        return index + count
    }
}
