extension DecimalAmount {
    /// This amount times `part`, rounded half to even to as many digits after the point as this amount has, two at
    /// least: half of `1.25` is `0.62`, half of `3` is `1.50`. Exact before the rounding; nil when it has more than 38
    /// digits, which no amount of an event times a part of 18 digits or fewer, 1 at most, can have.
    package func share(_ part: DecimalAmount) -> DecimalAmount? {
        let part = part.reduced
        let amount = scale < 2 ? rounded(to: 2) : self
        // c * s / 10^n without the product in the way: c = q * 10^n + r, so c * s / 10^n = q * s + r * s / 10^n.
        let unit = Self.powersOfTen[part.scale]
        let (quotient, rest) = amount.coefficient.quotientAndRemainder(dividingBy: unit)
        let (whole, overflow) = quotient.multipliedReportingOverflow(by: part.coefficient)
        let (fraction, fractionOverflow) = rest.multipliedReportingOverflow(by: part.coefficient)
        guard !overflow, !fractionOverflow else { return nil }
        let (more, dropped) = fraction.quotientAndRemainder(dividingBy: unit)
        let (floor, sumOverflow) = whole.addingReportingOverflow(more)
        let (lost, missing) = (dropped.magnitude, unit.magnitude - dropped.magnitude)
        let roundsAway = lost > missing || (lost == missing && floor % 2 != 0)
        let step: Int128 = (fraction < 0) ? -1 : 1
        let (result, stepOverflow) = floor.addingReportingOverflow(roundsAway ? step : 0)
        let limit = Self.powersOfTen[Self.scaleLimit]
        guard !sumOverflow, !stepOverflow, result > -limit, result < limit else { return nil }
        return DecimalAmount(coefficient: result, scale: amount.scale)
    }
}
