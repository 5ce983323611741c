extension DecimalAmount {
    /// Why a text is no decimal amount.
    package enum ParseFault: Error, Sendable {
        /// Not of the form `-12.50`.
        case notDecimal
        /// More than `digitLimit` digits before or after the point.
        case tooManyDigits
    }

    /// Reads `-12.50`: an optional minus, digits without needless zeros in front, optionally a point and digits: JSON's
    /// number (RFC 8259, section 6) without exponent. Nil for anything else, and beyond `digitLimit` digits.
    package init?(parsing text: String) {
        let bytes = Array(text.utf8)
        guard let amount = try? DecimalAmount(parsing: bytes.span) else { return nil }
        self = amount
    }

    /// The same from bytes. With `allowingExponent`, `1.25e2` is read as well, exactly: 125.
    package init(parsing text: Span<UInt8>, allowingExponent: Bool = false) throws(ParseFault) {
        var index = 0
        let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }

        let whole = DigitRun(text, from: &index)
        guard whole.count > 0, whole.count == 1 || text[index - whole.count] != UInt8(ascii: "0") else {
            throw .notDecimal
        }
        var fraction = DigitRun.none
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            fraction = DigitRun(text, from: &index)
            guard fraction.count > 0 else { throw .notDecimal }
        }
        if index == text.count {
            guard whole.count <= Self.digitLimit, fraction.count <= Self.digitLimit else { throw .tooManyDigits }
            let magnitude = Int128(whole.value) * Self.powersOfTen[fraction.count] + Int128(fraction.value)
            self.init(coefficient: isNegative ? -magnitude : magnitude, scale: fraction.count)
            return
        }
        guard allowingExponent, text[index] | 0x20 == UInt8(ascii: "e") else { throw .notDecimal }
        let exponent = try Self.exponent(text, from: index + 1)
        try self.init(text, mantissaEnd: index, fractionDigits: fraction.count, exponent: exponent)
    }

    /// A run of decimal digits; the value is right up to 19 digits, which is more than an amount may have.
    private struct DigitRun {
        var value: UInt64 = 0
        var count = 0

        static let none = DigitRun()

        private init() {}

        init(_ text: Span<UInt8>, from index: inout Int) {
            while index < text.count {
                let digit = text[index] &- UInt8(ascii: "0")
                guard digit < 10 else { break }
                value = value &* 10 &+ UInt64(digit)
                count += 1
                index += 1
            }
        }
    }

    /// The number after the `e`; anything beyond ±1000 is kept at ±1000, where no amount fits any more.
    private static func exponent(_ text: Span<UInt8>, from start: Int) throws(ParseFault) -> Int {
        var index = start
        var sign = 1
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            if text[index] == UInt8(ascii: "-") { sign = -1 }
            index += 1
        }
        guard index < text.count else { throw .notDecimal }
        var value = 0
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { throw .notDecimal }
            value = min(value * 10 + Int(digit), 1000)
            index += 1
        }
        return sign * value
    }

    /// A mantissa with an exponent: its digits are collected exactly, then the point is moved.
    private init(_ text: Span<UInt8>, mantissaEnd: Int, fractionDigits: Int, exponent: Int) throws(ParseFault) {
        var coefficient: Int128 = 0
        for index in 0..<mantissaEnd {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { continue }
            guard coefficient < Self.powersOfTen[2 * Self.digitLimit] else { throw .tooManyDigits }
            coefficient = coefficient * 10 + Int128(digit)
        }
        if coefficient == 0 {
            self = .zero
            return
        }
        var scale = fractionDigits - exponent
        if scale < 0 {
            guard -scale <= Self.digitLimit else { throw .tooManyDigits }
            let (moved, overflow) = coefficient.multipliedReportingOverflow(by: Self.powersOfTen[-scale])
            guard !overflow else { throw .tooManyDigits }
            coefficient = moved
            scale = 0
        }
        guard scale <= Self.digitLimit, coefficient < Self.powersOfTen[Self.digitLimit + scale] else {
            throw .tooManyDigits
        }
        if text[0] == UInt8(ascii: "-") { coefficient = -coefficient }
        self.init(coefficient: coefficient, scale: scale)
    }
}
