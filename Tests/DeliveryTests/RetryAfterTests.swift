import Delivery
import TestSupport
import Testing

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
    private static let example: Int64 = 784_111_777_000

    private func delay(_ text: String, now: Int64 = example - 90_000) -> Int64? {
        RetryAfter.delay(Array(text.utf8), now: now)
    }

    @Test(arguments: [
        ("0", 0), ("1", 1000), ("120", 120_000), ("007", 7000), ("86400", 86_400_000), ("999999999", 999_999_999_000),
        (" 30", 30_000), ("30\t ", 30_000), ("\t 30 \t", 30_000),
    ])
    func `Seconds`(text: String, expected: Int64) {
        #expect(delay(text) == expected)
    }

    @Test(arguments: ["9999999999", "18446744073709551616", String(repeating: "9", count: 64)])
    func `A number past counting is at least a day`(text: String) throws {
        #expect(try #require(delay(text)) >= RetryPolicy.retryAfterLimit)
    }

    @Test func `Leading zeros do not make five seconds centuries`() {
        #expect(delay("00000000005") == 5000)
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        "  Sun, 06 Nov 1994 08:49:37 GMT ",
    ])
    func `The three date formats of RFC 9110`(text: String) {
        #expect(delay(text) == 90_000)
        #expect(delay(text, now: Self.example) == 0)
        #expect(delay(text, now: Self.example + 1) == 0)
        #expect(delay(text, now: Self.example + 1_000_000_000_000) == 0)
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000_000),
        ("Tue, 31 Dec 2069 23:59:59 GMT", 3_155_759_999_000), ("Friday, 31-Dec-99 23:59:60 GMT", 946_684_800_000),
        ("Tuesday, 01-Jan-30 00:00:00 GMT", 1_893_456_000_000), ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799_000),
    ])
    func `Dates over the years`(text: String, milliseconds: Int64) {
        #expect(delay(text, now: 0) == milliseconds)
    }

    @Test(arguments: [
        "", " ", "\t", "-1", "+1", "1.5", "1s", "1 2", "0x10", "１２", "soon", "Sun", "Sun,", ",,,,,,",
        "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 +0000",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 ::: GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 32 Nov 1994 08:49:37 GMT", "Wed, 30 Feb 2022 08:49:37 GMT", "Tue, 29 Feb 2022 08:49:37 GMT",
        "Thu, 31 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Now 1994 08:49:37 GMT",
        "Sun, 06 Nov 99999 08:49:37 GMT", "Sun Nov  6 08:49:37 94", "Sun Nov  6 1994 08:49:37", "2027-01-15T08:00:00Z",
        "1994 06 Nov 08:49:37 Sun GMT", "12345678901234567890123456789012345678901234567890123456789012345",
    ])
    func `Anything else is no Retry-After`(text: String) {
        #expect(delay(text) == nil)
    }

    @Test func `Random bytes and mangled dates never crash it, and what it takes is never negative`() {
        var generator = SeededGenerator(seed: 7)
        let seeds = [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "120",
        ]
        var taken = 0
        for round in 0..<20_000 {
            var bytes = Array(seeds[round % seeds.count].utf8)
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
                case 1 where place < bytes.count: bytes.remove(at: place)
                default:
                    if place < bytes.count { bytes[place] = UInt8.random(in: 0x20...0x7e, using: &generator) }
                }
            }
            for now in [0, Self.example, Int64(4_000_000_000_000)] {
                guard let delay = RetryAfter.delay(bytes, now: now) else { continue }
                taken += 1
                if delay < 0 { Issue.record("\(bytes) at \(now) gave \(delay)") }
            }
            let noise = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if let delay = RetryAfter.delay(noise, now: 0), delay < 0 { Issue.record("\(noise) gave \(delay)") }
        }
        #expect(taken > 1000)
    }
}
