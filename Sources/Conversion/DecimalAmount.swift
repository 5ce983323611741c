/// An exact decimal number, for money: `coefficient / 10^scale`. Binary floating point is never involved.
///
/// Equality, order and hash go by value (`1.5 == 1.50`); `description` keeps the digits as written.
package struct DecimalAmount: Sendable {
    /// All digits as one whole number; its magnitude is below 10^38.
    package let coefficient: Int128
    /// How many of the digits stand after the decimal point, 0...38.
    package let scale: Int

    /// The most digits a text may have before the point, and again after it.
    package static let digitLimit = 18
    /// 0, without digits after the point.
    package static let zero = DecimalAmount(coefficient: 0, scale: 0)
    static let scaleLimit = 38

    /// Trusts the caller with the ranges stated at the properties.
    init(coefficient: Int128, scale: Int) {
        self.coefficient = coefficient
        self.scale = scale
    }

    /// A whole number.
    package init(_ value: Int) {
        self.init(coefficient: Int128(value), scale: 0)
    }

    /// Whether the value is 0, however it is written.
    package var isZero: Bool { coefficient == 0 }
    /// Whether the value is below 0; `-0.00` is not.
    package var isNegative: Bool { coefficient < 0 }

    static let powersOfTen: [Int128] = {
        var powers: [Int128] = [1]
        while powers.count <= scaleLimit { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()

    /// The same value without zeros at the end of the fraction.
    var reduced: DecimalAmount {
        var (coefficient, scale) = (coefficient, scale)
        while scale > 0, coefficient % 10 == 0 {
            coefficient /= 10
            scale -= 1
        }
        return DecimalAmount(coefficient: coefficient, scale: scale)
    }
}

extension DecimalAmount: Hashable, Comparable {
    /// By value: `1.5 == 1.50`.
    package static func == (left: Self, right: Self) -> Bool {
        let (a, b) = (left.reduced, right.reduced)
        return a.scale == b.scale && a.coefficient == b.coefficient
    }

    /// The same for equal values.
    package func hash(into hasher: inout Hasher) {
        let value = reduced
        hasher.combine(value.coefficient)
        hasher.combine(value.scale)
    }

    /// Compares whole parts, then fractions brought to one scale: both stay below 10^38, so nothing overflows.
    package static func < (left: Self, right: Self) -> Bool {
        if left.scale == right.scale { return left.coefficient < right.coefficient }
        let (a, fractionA) = left.coefficient.quotientAndRemainder(dividingBy: powersOfTen[left.scale])
        let (b, fractionB) = right.coefficient.quotientAndRemainder(dividingBy: powersOfTen[right.scale])
        if a != b { return a < b }
        let scale = max(left.scale, right.scale)
        return fractionA * powersOfTen[scale - left.scale] < fractionB * powersOfTen[scale - right.scale]
    }
}

extension DecimalAmount: CustomStringConvertible {
    /// Plain digits, never an exponent: `-0.50`. Always a number in JSON as well.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `description` in ASCII.
    package func append(to buffer: inout [UInt8]) {
        if isNegative { buffer.append(UInt8(ascii: "-")) }
        let digits = buffer.count
        var rest = coefficient.magnitude
        var written = 0
        // Lowest digit first, turned round below.
        while rest > 0 || written <= scale {
            if written == scale, scale > 0 { buffer.append(UInt8(ascii: ".")) }
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            buffer.append(UInt8(ascii: "0") + UInt8(digit))
            rest = quotient
            written += 1
        }
        buffer[digits...].reverse()
    }
}
