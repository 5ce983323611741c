/// Reads JSON text (RFC 8259) from left to right, once, strictly. Every function expects `position` on the first byte
/// of what it reads and leaves it on the byte after.
///
/// The text is an argument, not a property: a span can not be stored. Strings come back as ranges; one that holds
/// escapes is written out at the end of `storage`, which begins with a copy of the text.
struct JSONScanner {
    static let depthLimit = 64

    var position = 0
    /// How many objects and arrays are open.
    var depth = 0
    /// The text, then the strings that had escapes.
    var storage: [UInt8] = []
    /// Where those stand, in the order of the text.
    var unescaped: [UnescapedString] = []

    /// A string with escapes: where it starts in the text (after its quotation mark) and its value in `storage`.
    struct UnescapedString: Sendable {
        var offset: UInt32
        var value: ByteRange
    }

    /// The byte at `position`, or 0 at the end: no token of JSON begins with a zero byte.
    @inline(__always)
    func next(_ text: Span<UInt8>) -> UInt8 {
        position < text.count ? text[position] : 0
    }

    @inline(__always)
    mutating func skipWhitespace(_ text: Span<UInt8>) {
        // What machines write has none.
        if position < text.count, text[position] > 0x20 { return }
        skipWhitespaceRun(text)
    }

    @inline(never)
    private mutating func skipWhitespaceRun(_ text: Span<UInt8>) {
        while position < text.count {
            let byte = text[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    // MARK: Objects and arrays

    /// Steps into the object or array whose bracket is at `position`.
    mutating func enter() throws(ScanFault) {
        guard depth < Self.depthLimit else { throw ScanFault(.tooDeep, at: position) }
        depth += 1
        position += 1
    }

    private mutating func leave() {
        depth -= 1
        position += 1
    }

    /// Steps into an object; true when `position` is on its first key, false when it was empty and is left.
    mutating func enterObject(_ text: Span<UInt8>) throws(ScanFault) -> Bool {
        try enter()
        skipWhitespace(text)
        switch next(text) {
        case UInt8(ascii: "\""): return true
        case UInt8(ascii: "}"):
            leave()
            return false
        default: throw ScanFault(.expectedKeyOrEnd, at: position)
        }
    }

    /// Goes on after a member's value; true when `position` is on the next key, false when the object is left.
    @inline(__always)
    mutating func nextMember(_ text: Span<UInt8>) throws(ScanFault) -> Bool {
        if position &+ 1 < text.count, text[position] == UInt8(ascii: ","), text[position &+ 1] == UInt8(ascii: "\"") {
            position &+= 1
            return true
        }
        return try nextMemberApart(text)
    }

    /// The same with white space, or the end of the object, or a fault.
    @inline(never)
    private mutating func nextMemberApart(_ text: Span<UInt8>) throws(ScanFault) -> Bool {
        skipWhitespace(text)
        switch next(text) {
        case UInt8(ascii: ","):
            position += 1
            skipWhitespace(text)
            guard next(text) == UInt8(ascii: "\"") else { throw ScanFault(.expectedKey, at: position) }
            return true
        case UInt8(ascii: "}"):
            leave()
            return false
        default: throw ScanFault(.expectedCommaOrBrace, at: position)
        }
    }

    /// Reads a key and its colon; `position` is then on the value.
    @inline(__always)
    mutating func scanKey(_ text: Span<UInt8>) throws(ScanFault) -> ByteRange {
        let key = try scanString(text)
        if position &+ 1 < text.count, text[position] == UInt8(ascii: ":"), text[position &+ 1] > 0x20 {
            position &+= 1
        } else {
            try skipColon(text)
        }
        return key
    }

    /// A colon with white space around it.
    @inline(never)
    private mutating func skipColon(_ text: Span<UInt8>) throws(ScanFault) {
        skipWhitespace(text)
        guard next(text) == UInt8(ascii: ":") else { throw ScanFault(.expectedColon, at: position) }
        position += 1
        skipWhitespace(text)
    }

    /// Steps into an array; true when `position` is on its first element, false when it was empty and is left.
    mutating func enterArray(_ text: Span<UInt8>) throws(ScanFault) -> Bool {
        try enter()
        skipWhitespace(text)
        guard next(text) == UInt8(ascii: "]") else { return true }
        leave()
        return false
    }

    /// Goes on after an element; true when `position` is on the next one, false when the array is left.
    mutating func nextElement(_ text: Span<UInt8>) throws(ScanFault) -> Bool {
        skipWhitespace(text)
        switch next(text) {
        case UInt8(ascii: ","):
            position += 1
            skipWhitespace(text)
            return true
        case UInt8(ascii: "]"):
            leave()
            return false
        default: throw ScanFault(.expectedCommaOrBracket, at: position)
        }
    }

    // MARK: Any value

    /// Checks a value of any kind and passes over it; as deep as `depthLimit` allows.
    mutating func skipValue(_ text: Span<UInt8>) throws(ScanFault) {
        switch next(text) {
        case UInt8(ascii: "\""): _ = try scanString(text)
        case UInt8(ascii: "{"):
            var more = try enterObject(text)
            while more {
                _ = try scanKey(text)
                try skipValue(text)
                more = try nextMember(text)
            }
        case UInt8(ascii: "["):
            var more = try enterArray(text)
            while more {
                try skipValue(text)
                more = try nextElement(text)
            }
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): _ = try scanLiteral(text)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try scanNumber(text)
        default: throw ScanFault(.expectedValue, at: position)
        }
    }
}
