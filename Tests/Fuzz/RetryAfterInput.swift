import Delivery
import Foundation

/// The value of a Retry-After header; a date is spelt by Foundation again.
enum RetryAfterInput {
    static func feed(_ input: [UInt8]) {
        let now: Int64 = 1_700_000_000_000
        guard let delay = RetryAfter.delay(input, now: now) else { return }
        promise(delay >= 0 && delay <= 1_000_000_000_000_000, "a delay: \(delay)")
        let text = String(decoding: input, as: UTF8.self)
        if let seconds = Int64(text), seconds >= 0, seconds < 1_000_000_000 {
            promise(delay == seconds * 1000, "\(seconds) s are \(delay) ms")
        }
        if delay > 0, Int64(text) == nil, delay < 200_000_000_000 {
            // A date: the later we look, the shorter it is.
            let rest = RetryAfter.delay(input, now: now + delay - 1)
            promise(rest == 1 || text.allSatisfy { $0.isNumber || $0.isWhitespace }, "a date does not move: \(text)")
        }
        if delay > 0, text.contains(":") {
            let date = Date(timeIntervalSince1970: Double(now + delay) / 1000)
            // A leap second is the next minute's first.
            let moments = text.contains(":60") ? [date.addingTimeInterval(-1)] : [date]
            promise(moments.contains { spellings(of: $0).allSatisfy(text.contains) }, "\(text) is not \(date)")
        }
    }

    /// Month, day, minute and year, as each of the three formats has them.
    private static func spellings(of date: Date) -> [String] {
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        func digits(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return [
            calendar.shortMonthSymbols[(parts.month ?? 1) - 1], "\(parts.day ?? 0)", digits((parts.year ?? 0) % 100),
            "\(parts.hour ?? 0):", "\(parts.minute ?? 0):",
        ]
    }

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.locale = Locale(identifier: "en_US_POSIX")
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
        return calendar
    }()
}
