import Conversion
import Testing

@Suite struct RFC3339Tests {
    func parse(_ text: String) throws(RFC3339.Fault) -> Int64 {
        let bytes = Array(text.utf8)
        return try RFC3339.milliseconds(bytes.span)
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01t00:00:00z", 0), ("1969-12-31T23:59:59.999Z", -1),
        ("2000-02-29T00:00:00Z", 951_782_400_000), ("2025-03-01T12:30:00.25Z", 1_740_832_200_250),
        ("2025-03-01T12:30:00.2509999Z", 1_740_832_200_250), ("2025-03-01T12:30:00.0009Z", 1_740_832_200_000),
        ("2025-03-01T14:30:00+02:00", 1_740_832_200_000), ("2025-03-01T07:00:00-05:30", 1_740_832_200_000),
        ("2025-03-01T12:30:00-00:00", 1_740_832_200_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("2017-01-01T00:59:60+01:00", 1_483_228_800_000), ("2016-12-31T18:59:60.5-05:00", 1_483_228_800_500),
    ])
    func `A date-time becomes milliseconds since the epoch`(text: String, expected: Int64) throws {
        #expect(try parse(text) == expected)
    }

    @Test(arguments: [
        ("", RFC3339.Fault.shape), ("2025-03-01", .shape), ("2025-03-01 12:30:00Z", .shape),
        ("2025-3-1T12:30:00Z", .shape),
        ("2025-03-01T12:30Z", .shape), ("2025-03-01T12:30:00.Z", .shape), ("2025-03-01T12:30:00+0200", .shape),
        ("2025-03-01T12:30:00+02", .shape), ("2025-03-01T12:30:00Zx", .shape), ("2025-03-01T12:30:00,5Z", .shape),
        ("+025-03-01T12:30:00Z", .shape), ("2025-03-01T12:30:00", .missingOffset),
        ("2025-03-01T12:30:00.5", .missingOffset),
        ("2025-00-01T00:00:00Z", .outOfRange), ("2025-13-01T00:00:00Z", .outOfRange),
        ("2025-01-00T00:00:00Z", .outOfRange),
        ("2025-04-31T00:00:00Z", .outOfRange), ("2025-02-29T00:00:00Z", .outOfRange),
        ("1900-02-29T00:00:00Z", .outOfRange),
        ("2025-01-01T24:00:00Z", .outOfRange), ("2025-01-01T00:60:00Z", .outOfRange),
        ("2025-01-01T00:00:61Z", .outOfRange),
        ("2025-01-01T00:00:00+24:00", .outOfRange), ("2025-01-01T00:00:00+00:60", .outOfRange),
        ("2025-03-01T12:30:60Z", .outOfRange), ("2016-12-30T23:59:60Z", .outOfRange),
        ("2016-12-31T23:59:60+01:00", .outOfRange),
        ("2025-03-01T1a:30:00Z", .shape),
    ])
    func `A text that is none is refused for its reason`(text: String, reason: RFC3339.Fault) {
        #expect(throws: reason) { try parse(text) }
    }

    /// Walks day by day over 10,000 years with nothing but the rules of the calendar.
    @Test func `Every day of the calendar follows the one before`() throws {
        var expected: Int64 = -62_167_219_200_000
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        for year in 0...9999 {
            let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
            let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            let digits = String(String(10_000 + year).dropFirst())
            for month in 1...12 {
                // Years around the centuries day by day; of the others the end of February and of the year.
                let isWhole = year % 100 < 3
                let tested = isWhole ? Array(1...days[month - 1]) : month == 2 || month == 12 ? [days[month - 1]] : []
                for day in tested {
                    let value = try parse("\(digits)-\(two(month))-\(two(day))T00:00:00Z")
                    if value != expected + Int64(day - 1) * 86_400_000 {
                        Issue.record("\(year)-\(month)-\(day): \(value)")
                    }
                }
                if isWhole || month == 2,
                    (try? parse("\(digits)-\(two(month))-\(two(days[month - 1] + 1))T00:00:00Z")) != nil
                {
                    Issue.record("\(year)-\(month) is too long")
                }
                expected += Int64(days[month - 1]) * 86_400_000
            }
        }
        #expect(expected == 253_402_300_800_000)
    }
}
