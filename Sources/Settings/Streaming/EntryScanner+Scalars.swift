import Documents

extension EntryScanner {
    /// A quoted or plain scalar on one line; its text and whether it was quoted.
    mutating func scalar(inFlow: Bool) throws(Stop) -> (text: String, quoted: Bool) {
        switch try peek() {
        case UInt8(ascii: "\""): (try doubleQuoted(), true)
        case UInt8(ascii: "'"): (try singleQuoted(), true)
        default: (inFlow ? try word() : try plain(), false)
        }
    }

    /// What a scalar says as a value.
    static func content(_ scalar: (text: String, quoted: Bool)) -> SourceNode.Content {
        if !scalar.quoted {
            switch scalar.text {
            case "~", "null", "Null", "NULL": return .null
            default: break
            }
        }
        return .scalar(scalar.text, quoted: scalar.quoted)
    }

    /// A key and its colon. Nil when no colon follows: then it is a value, to be told by `scalar`.
    mutating func key(inFlow: Bool) throws(Stop) -> (key: String?, scalar: (text: String, quoted: Bool)) {
        let start = place.index
        let scalar = try scalar(inFlow: inFlow)
        let end = place
        try skipSpaces()
        guard try peek() == UInt8(ascii: ":"), inFlow && scalar.quoted ? true : isBlank(try peekBehind()) else {
            place = end
            return (nil, scalar)
        }
        if place.index - start > Self.longestKey { throw .unusual }
        place.index += 1
        return (scalar.text, scalar)
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D
    }

    private mutating func doubleQuoted() throws(Stop) -> String {
        place.index += 1
        let start = place.index
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                defer { place.index += 1 }
                return text(start..<place.index)
            case UInt8(ascii: "\\"): return try escaped(from: start)
            case 0x0A, 0x0D, 0x09: throw .unusual
            default:
                if byte & 0xC0 == 0x80 { place.continuations += 1 }
                place.index += 1
            }
        }
    }

    /// Goes on at the first escape of a scalar in double quotation marks.
    private mutating func escaped(from start: Int) throws(Stop) -> String {
        var result = Array(bytes[start..<place.index])
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                place.index += 1
                return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"):
                let code = try peekBehind()
                place.index += 2
                switch code {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(code)
                case UInt8(ascii: "n"): result.append(0x0A)
                case UInt8(ascii: "t"): result.append(0x09)
                case UInt8(ascii: "u"): result.append(contentsOf: Array(String(try fourDigits()).utf8))
                default: throw .unusual
                }
            case 0x0A, 0x0D, 0x09: throw .unusual
            default:
                if byte & 0xC0 == 0x80 { place.continuations += 1 }
                result.append(byte)
                place.index += 1
            }
        }
    }

    /// The character of a `\u` escape; halves of a pair and controls are left to others.
    private mutating func fourDigits() throws(Stop) -> Character {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = try peek()
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x41...0x46, 0x61...0x66: digit = (byte | 0x20) - 0x61 + 10
            default: throw .unusual
            }
            value = value << 4 | UInt32(digit)
            place.index += 1
        }
        guard value >= 0x20, let scalar = Unicode.Scalar(value) else { throw .unusual }
        return Character(scalar)
    }

    private mutating func singleQuoted() throws(Stop) -> String {
        place.index += 1
        let start = place.index
        var hasQuote = false
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "'"):
                if try peekBehind() == UInt8(ascii: "'") {
                    hasQuote = true
                    place.index += 2
                    continue
                }
                defer { place.index += 1 }
                guard hasQuote else { return text(start..<place.index) }
                return Self.undoubled(bytes[start..<place.index])
            case 0x0A, 0x0D, 0x09: throw .unusual
            default:
                if byte & 0xC0 == 0x80 { place.continuations += 1 }
                place.index += 1
            }
        }
    }

    /// Two quotation marks are one.
    private static func undoubled(_ written: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var index = written.startIndex
        while index < written.endIndex {
            result.append(written[index])
            index += written[index] == UInt8(ascii: "'") ? 2 : 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// A plain scalar in block style: up to a colon or a comment behind a blank, or the end of the line.
    private mutating func plain() throws(Stop) -> String {
        guard Self.beginsPlain(try peek(), try peekBehind()) else { throw .unusual }
        let start = place.index
        var end = start
        scan: while true {
            let byte = try peek()
            switch byte {
            case 0x0A, 0x0D: break scan
            case 0x09: throw .unusual
            case 0x20: place.index += 1
            case UInt8(ascii: "#") where place.index > end: break scan
            case UInt8(ascii: ":") where isBlank(try peekBehind()): break scan
            default:
                if byte & 0xC0 == 0x80 { place.continuations += 1 }
                place.index += 1
                end = place.index
            }
        }
        place.index = end
        return text(start..<end)
    }

    private static func beginsPlain(_ byte: UInt8, _ next: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: "+"),
            UInt8(ascii: "$"), UInt8(ascii: "("):
            true
        case UInt8(ascii: "-"): (0x30...0x39).contains(next)
        default: false
        }
    }

    /// A plain scalar in flow style that is one word: there more characters than these have a meaning of their own.
    private mutating func word() throws(Stop) -> String {
        let start = place.index
        guard Self.beginsPlain(try peek(), try peekBehind()) else { throw .unusual }
        while Self.isWord(try peek()) { place.index += 1 }
        return text(start..<place.index)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "+"),
            UInt8(ascii: "~"), UInt8(ascii: "$"), UInt8(ascii: "("):
            true
        default: false
        }
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}
