/// Date-times as RFC 3339, section 5.6, writes them: `2025-03-01T12:30:00.250+02:00`.
package enum RFC3339 {
    /// Why a text is no date-time.
    package enum Fault: Error, Sendable {
        /// Not of the form `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`.
        case shape
        /// All there but the `Z` or the offset.
        case missingOffset
        /// A month, day, hour, minute, second or offset that does not exist.
        case outOfRange
    }

    /// Milliseconds since the Unix epoch; digits beyond the millisecond are cut off. `t` and `z` may be lower case. A leap
    /// second is accepted where one can be, in the last minute (UTC) of a month, and counts as the second after it, as
    /// in POSIX time.
    package static func milliseconds(_ text: Span<UInt8>) throws(Fault) -> Int64 {
        guard text.count >= 19, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] | 0x20 == UInt8(ascii: "t"), text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":")
        else { throw .shape }
        let year = try pair(text, 0) * 100 + pair(text, 2)
        let (month, day) = (try pair(text, 5), try pair(text, 8))
        let (hour, minute, second) = (try pair(text, 11), try pair(text, 14), try pair(text, 17))

        var index = 19
        let fraction = try fractionMilliseconds(text, &index)
        let offset = try offsetMinutes(text, index)

        guard month >= 1, month <= 12, day >= 1, day <= daysInMonth(month, of: year), hour < 24, minute < 60,
            second <= 60
        else { throw .outOfRange }
        let days = daysSinceEpoch(year, month, day)
        let minutes = (days * 24 + hour) * 60 + minute - offset
        if second == 60, !isLastMinuteOfMonth(minutes, localDays: days, year, month, day) { throw .outOfRange }
        return Int64((minutes * 60 + second) * 1000 + fraction)
    }

    @inline(__always)
    private static func pair(_ text: Span<UInt8>, _ index: Int) throws(Fault) -> Int {
        let (tens, ones) = (text[index] &- UInt8(ascii: "0"), text[index + 1] &- UInt8(ascii: "0"))
        guard tens < 10, ones < 10 else { throw .shape }
        return Int(tens) * 10 + Int(ones)
    }

    private static func fractionMilliseconds(_ text: Span<UInt8>, _ index: inout Int) throws(Fault) -> Int {
        guard index < text.count, text[index] == UInt8(ascii: ".") else { return 0 }
        index += 1
        let start = index
        var (value, unit) = (0, 100)
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            value += Int(digit) * unit
            unit /= 10
            index += 1
        }
        guard index > start else { throw .shape }
        return value
    }

    /// What stands after the time, to the end of the text.
    private static func offsetMinutes(_ text: Span<UInt8>, _ index: Int) throws(Fault) -> Int {
        guard index < text.count else { throw .missingOffset }
        let first = text[index]
        if first | 0x20 == UInt8(ascii: "z") {
            guard index + 1 == text.count else { throw .shape }
            return 0
        }
        guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), text.count == index + 6,
            text[index + 3] == UInt8(ascii: ":")
        else { throw .shape }
        let (hours, minutes) = (try pair(text, index + 1), try pair(text, index + 4))
        guard hours < 24, minutes < 60 else { throw .outOfRange }
        return (hours * 60 + minutes) * (first == UInt8(ascii: "-") ? -1 : 1)
    }

    private static func daysInMonth(_ month: Int, of year: Int) -> Int {
        if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
    }

    /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar. The year is counted from March, so that the
    /// leap day is its last day.
    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        // Years 0...9999 start in March of -1 at the earliest: 400 years more keep the division positive.
        let leapDays = (shifted + 400) / 4 - (shifted + 400) / 100 + (shifted + 400) / 400 - 97
        return shifted * 365 + leapDays + dayOfYear - 719_468
    }

    /// Whether a minute since the epoch is 23:59 UTC on the last day of a month. The local date is at most one day off.
    private static func isLastMinuteOfMonth(
        _ minutes: Int,
        localDays: Int,
        _ year: Int,
        _ month: Int,
        _ day: Int
    ) -> Bool {
        let (days, minuteOfDay) = (minutes.floorDivided(by: 1440), minutes - minutes.floorDivided(by: 1440) * 1440)
        guard minuteOfDay == 1439 else { return false }
        // The day after the last day of a month is a first: the UTC day of the local date plus or minus one.
        switch days - localDays {
        case 0: return day == daysInMonth(month, of: year)
        case -1: return day == 1
        default: return day + 1 == daysInMonth(month, of: year)
        }
    }
}

extension Int {
    fileprivate func floorDivided(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
