import Testing

@testable import Routing

@Suite("The calendar")
struct CalendarTimeTests {
    @Test("is right on every day of 400 years and at its edges")
    func calendar() throws {
        var (year, month, day, dayOfYear, weekday) = (1800, 1, 1, 1, 3)
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for number in -62_091..<84_006 {
            let time = CalendarTime(seconds: Int64(number) * 86_400 + 86_399)
            guard (time.year, time.month, time.day) == (year, month, day), time.dayOfYear == dayOfYear,
                time.weekday == weekday, (time.hour, time.minute, time.second) == (23, 59, 59)
            else {
                Issue.record("\(year)-\(month)-\(day) is told as \(time)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let length = lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)
            (day, dayOfYear, weekday) = (day + 1, dayOfYear + 1, (weekday + 1) % 7)
            if day > length { (day, month) = (1, month + 1) }
            if month > 12 { (month, year, dayOfYear) = (1, year + 1, 1) }
        }
        #expect(year == 2200 && month == 1 && day == 1)
        let format = try DateFormat(Array("%F %T".utf8))
        #expect(format.text(-62_167_219_200_000) == Array("0000-01-01 00:00:00".utf8))
        #expect(format.text(253_402_300_799_999) == Array("9999-12-31 23:59:59".utf8))
    }
}
