extension JSONScanner {
    enum Literal {
        case `true`, `false`, null
    }

    /// Reads `true`, `false` or `null`.
    mutating func scanLiteral(_ text: Span<UInt8>) throws(ScanFault) -> Literal {
        let literal: Literal
        let rest: StaticString
        switch next(text) {
        case UInt8(ascii: "t"): (literal, rest) = (.true, "rue")
        case UInt8(ascii: "f"): (literal, rest) = (.false, "alse")
        case UInt8(ascii: "n"): (literal, rest) = (.null, "ull")
        default: throw ScanFault(.expectedValue, at: position)
        }
        let end = position + 1 + rest.utf8CodeUnitCount
        guard end <= text.count else { throw ScanFault(.expectedValue, at: position) }
        for index in 0..<rest.utf8CodeUnitCount where text[position + 1 + index] != rest.utf8Start[index] {
            throw ScanFault(.expectedValue, at: position)
        }
        position = end
        return literal
    }

    struct Number {
        var range: ByteRange
        /// Digits only: no minus, point or exponent.
        var isWhole: Bool
        var hasExponent: Bool
    }

    /// Reads a number (RFC 8259, section 6) without giving it a value.
    mutating func scanNumber(_ text: Span<UInt8>) throws(ScanFault) -> Number {
        let start = position
        var number = Number(range: .absent, isWhole: true, hasExponent: false)
        if next(text) == UInt8(ascii: "-") {
            number.isWhole = false
            position += 1
        }
        let firstDigit = position
        try skipDigits(text)
        if position > firstDigit + 1, text[firstDigit] == UInt8(ascii: "0") { throw ScanFault(.leadingZero, at: start) }
        if next(text) == UInt8(ascii: ".") {
            number.isWhole = false
            position += 1
            try skipDigits(text)
        }
        if next(text) | 0x20 == UInt8(ascii: "e") {
            number.isWhole = false
            number.hasExponent = true
            position += 1
            if next(text) == UInt8(ascii: "+") || next(text) == UInt8(ascii: "-") { position += 1 }
            try skipDigits(text)
        }
        number.range = ByteRange(start, position)
        return number
    }

    /// One digit at least.
    private mutating func skipDigits(_ text: Span<UInt8>) throws(ScanFault) {
        let start = position
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        guard position > start else { throw ScanFault(.invalidNumber, at: position) }
    }
}
