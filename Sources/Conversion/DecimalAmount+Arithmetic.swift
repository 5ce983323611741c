extension DecimalAmount {
    /// What happens to a half when digits are dropped.
    package enum RoundingRule: Sendable {
        /// To the even neighbour: 0.125 -> 0.12, 0.375 -> 0.38. Bankers' rounding: sums do not drift.
        case halfEven
        /// Away from zero: 0.125 -> 0.13, -0.125 -> -0.13.
        case halfUp
    }

    /// The exact product; nil when it has more than 38 digits.
    package func multiplied(by other: DecimalAmount) -> DecimalAmount? {
        let (a, b) = (reduced, other.reduced)
        let (product, overflow) = a.coefficient.multipliedReportingOverflow(by: b.coefficient)
        let scale = a.scale + b.scale
        let limit = Self.powersOfTen[Self.scaleLimit]
        guard !overflow, product > -limit, product < limit else { return nil }
        if scale <= Self.scaleLimit { return DecimalAmount(coefficient: product, scale: scale) }
        // 10^-39 and smaller: only zeros at the end can make it fit.
        var (rest, digits) = (product, scale)
        while digits > Self.scaleLimit {
            guard rest % 10 == 0 else { return nil }
            rest /= 10
            digits -= 1
        }
        return DecimalAmount(coefficient: rest, scale: digits)
    }

    /// The value with exactly `digits` digits (0...38) after the point: rounded, or filled up with zeros
    /// (`1.5` to two digits is `1.50`). A number too long to be filled up stays as it is.
    package func rounded(to digits: Int, _ rule: RoundingRule = .halfEven) -> DecimalAmount {
        let digits = min(max(digits, 0), Self.scaleLimit)
        if digits >= scale {
            let (filled, overflow) = coefficient.multipliedReportingOverflow(by: Self.powersOfTen[digits - scale])
            let limit = Self.powersOfTen[Self.scaleLimit]
            guard !overflow, filled > -limit, filled < limit else { return self }
            return DecimalAmount(coefficient: filled, scale: digits)
        }
        let unit = Self.powersOfTen[scale - digits]
        let (kept, dropped) = coefficient.quotientAndRemainder(dividingBy: unit)
        // Compared with what is missing to the next digit, so that no doubling can overflow.
        let (lost, missing) = (dropped.magnitude, unit.magnitude - dropped.magnitude)
        let roundsAway = lost > missing || (lost == missing && (rule == .halfUp || kept % 2 != 0))
        let step: Int128 = isNegative ? -1 : 1
        return DecimalAmount(coefficient: roundsAway ? kept + step : kept, scale: digits)
    }
}
