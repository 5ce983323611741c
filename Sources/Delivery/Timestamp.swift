/// Times in headers and records: RFC 3339 in UTC with milliseconds, such as `2026-11-22T23:04:05.678Z`.
package enum Timestamp {
    /// - Parameter milliseconds: since the Unix epoch; clamped to the years that four digits can write.
    package static func text(_ milliseconds: Int64) -> String {
        // The years 0 to 9999: what RFC 3339 can write.
        let milliseconds = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
        let days = Int(milliseconds.floored(by: 86_400_000))
        let rest = Int(milliseconds - Int64(days) * 86_400_000)
        let date = CivilDate.date(days: days)
        let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { padded($0, 2) }.joined(
            separator: ":"
        )
        return
            "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T\(clock).\(padded(rest % 1000, 3))Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension Int64 {
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
