import Testing

@testable import Telemetry

@Suite("The log's clock")
struct WallTimeTests {
    @Test(
        "writes RFC 3339",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (951_868_799_999, "2000-02-29T23:59:59.999Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (1_709_164_800_123, "2024-02-29T00:00:00.123Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (Int64.max, "9999-12-31T23:59:59.999Z"),
            (Int64.min, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func rfc3339(milliseconds: Int64, text: String) {
        var bytes: [UInt8] = []
        WallTime(milliseconds: milliseconds).writeRFC3339(into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }

    @Test("counts every day of 400 years, leap days where the calendar has them")
    func days() {
        var milliseconds: Int64 = 946_684_800_000
        for year in 2000..<2400 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...length {
                    var bytes: [UInt8] = []
                    WallTime(milliseconds: milliseconds).writeRFC3339(into: &bytes)
                    let date = "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)"
                    guard bytes.starts(with: date.utf8) else {
                        Issue.record("\(String(decoding: bytes, as: UTF8.self)) is not \(date)")
                        return
                    }
                    milliseconds += 86_400_000
                }
            }
        }
        #expect(milliseconds == 13_569_465_600_000)
    }

    @Test(
        "shows the time of day in a zone",
        arguments: [
            (0, 0, "00:00:00.000"), (0, -1, "23:59:59.000"), (43_384_123, 3600, "13:03:04.123"),
            (86_399_999, 1, "00:00:00.999"),
        ] as [(Int64, Int, String)]
    )
    func clock(milliseconds: Int64, offset: Int, text: String) {
        var bytes: [UInt8] = []
        WallTime(milliseconds: milliseconds).writeClock(offset: offset, into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
    }
}
