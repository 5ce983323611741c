import Delivery
import Foundation
import TestSupport
import Testing

/// `CivilDate` and `Timestamp` against Foundation's calendar.
@Suite struct CalendarTests {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "GMT") ?? calendar.timeZone
        return calendar
    }()

    @Test(arguments: [
        (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017), (1900, 2, 28, -25_509),
        (1900, 3, 1, -25_508), (2026, 11, 22, 20_779), (1, 1, 1, -719_162), (0, 3, 1, -719_468), (0, 1, 1, -719_528),
        (-1, 12, 31, -719_529), (-400, 3, 1, -865_565), (9999, 12, 31, 2_932_896),
    ])
    func `Known days`(year: Int, month: Int, day: Int, days: Int) {
        #expect(CivilDate.days(year: year, month: month, day: day) == days)
        #expect(CivilDate.date(days: days) == (year, month, day))
    }

    @Test func `Every day of 2,000 years follows the one before and has the right length of month`() {
        var expected = (year: -500, month: 1, day: 1)
        let first = CivilDate.days(year: -500, month: 1, day: 1)
        let last = CivilDate.days(year: 1500, month: 1, day: 1)
        for days in first..<last {
            let date = CivilDate.date(days: days)
            if date != expected || CivilDate.days(year: date.year, month: date.month, day: date.day) != days {
                Issue.record("day \(days) is \(date), not \(expected)")
                return
            }
            let isLeap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            expected.day += 1
            if expected.day > lengths[expected.month - 1] { expected = (expected.year, expected.month + 1, 1) }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
        }
        #expect(expected.year == 1500)
    }

    @Test(arguments: 0..<4)
    func `Random days from 1600 to 9999 agree with Foundation`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1500 {
            let days = Int.random(in: -135_140...2_932_896, using: &generator)
            let date = Date(timeIntervalSince1970: Double(days) * 86_400)
            let parts = Self.calendar.dateComponents([.year, .month, .day], from: date)
            let ours = CivilDate.date(days: days)
            let theirs = (parts.year, parts.month, parts.day)
            if theirs != (ours.year, ours.month, ours.day) {
                Issue.record("day \(days): \(ours), Foundation \(theirs)")
            }
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (1, "1970-01-01T00:00:00.001Z"),
        (1_795_388_645_678, "2026-11-22T23:04:05.678Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"), (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"), (-86_400_000, "1969-12-31T00:00:00.000Z"),
    ])
    func `Known times`(milliseconds: Int64, text: String) {
        #expect(Timestamp.text(milliseconds) == text)
    }

    @Test func `Random times of five centuries are read back by Foundation to the millisecond`() throws {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<3000 {
            let milliseconds = Int64.random(in: -11_644_473_600_000...4_133_980_799_999, using: &generator)
            let text = Timestamp.text(milliseconds)
            let date = try style.parse(text)
            let back = Int64((date.timeIntervalSince1970 * 1000).rounded())
            if back != milliseconds {
                Issue.record("\(milliseconds) became \(text), which Foundation reads as \(back)")
            }
        }
    }

    @Test func `No time at all makes it crash`() async {
        await #expect(processExitsWith: .success) {
            for milliseconds in [Int64.min, .min + 1, -86_400_000_000_000_000, .max - 1, .max] {
                _ = Timestamp.text(milliseconds)
            }
        }
    }
}
