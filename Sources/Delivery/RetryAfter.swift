/// The `Retry-After` header in both its forms (RFC 9110 section 10.2.3): seconds, or one of the three date formats.
package enum RetryAfter {
    /// - Returns: milliseconds from `now` (milliseconds since the Unix epoch); 0 for a date in the past; nil when the
    ///   value is neither form.
    package static func delay(_ value: [UInt8], now: Int64) -> Int64? {
        let text = trimmed(value[...])
        if text.isEmpty || text.count > 64 { return nil }
        if text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // Longer numbers are centuries; the caller caps at a day anyway.
            let digits = text.drop { $0 == UInt8(ascii: "0") }
            if digits.isEmpty { return 0 }
            return digits.count > 9 ? 1_000_000_000_000 : number(digits).map { Int64($0) * 1000 }
        }
        return date(text).map { max(0, $0 - now) }
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    private static func date(_ text: ArraySlice<UInt8>) -> Int64? {
        let words = text.split(whereSeparator: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "-") })
        guard words.count >= 5 else { return nil }
        let day: Int?
        let month: Int?
        let year: Int?
        let time: ArraySlice<UInt8>
        if words[0].last == UInt8(ascii: ",") {
            guard words.count == 6, words[5].elementsEqual("GMT".utf8) else { return nil }
            day = number(words[1])
            month = self.month(words[2])
            year = number(words[3]).map { words[3].count == 2 ? ($0 < 70 ? 2000 + $0 : 1900 + $0) : $0 }
            time = words[4]
        } else {
            guard words.count == 5 else { return nil }
            month = self.month(words[1])
            day = number(words[2])
            time = words[3]
            year = number(words[4])
        }
        let clock = time.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0]), let minute = number(clock[1]),
            let second = number(clock[2]),
            let day, let month, let year, (1...31).contains(day), (1970...9999).contains(year), hour < 24, minute < 60,
            second <= 60
        else { return nil }
        let days = CivilDate.days(year: year, month: month, day: day)
        let next = CivilDate.days(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
        guard days < next else { return nil }
        return (Int64(days) * 86_400 + Int64(hour * 3600 + minute * 60 + second)) * 1000
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 9 else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    private static func month(_ name: ArraySlice<UInt8>) -> Int? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return months.firstIndex { $0.utf8.elementsEqual(name) }.map { $0 + 1 }
    }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = value
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        return value
    }
}
