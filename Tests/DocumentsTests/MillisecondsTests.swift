import Documents
import Testing

@Suite("A duration")
struct MillisecondsTests {
    @Test(
        "is read from its spelling",
        arguments: [
            ("0", 0), ("0s", 0), ("1ms", 1), ("500ms", 500), ("5s", 5_000), ("10m", 600_000), ("6h", 21_600_000),
            ("7d", 604_800_000), ("007s", 7_000), ("9223372036854775807ms", Int64.max),
        ]
    )
    func reading(text: String, value: Int64) {
        #expect(Milliseconds(parsing: text)?.value == value)
        #expect(Milliseconds.fault(in: text) == nil)
    }

    @Test(
        "is refused with a reason when it is spelled another way",
        arguments: [
            "", " ", "5", "s", "-5s", "+5s", "5 s", " 5s", "5s ", "1.5s", "1h30m", "5S", "5sec", "5µs", "٥s", "ms5",
            "1e3s", "9223372036854775808ms", "99999999999999999999s", "9223372036854775807s", "5s\n", "5\u{0}s", "5é",
        ]
    )
    func refusal(text: String) throws {
        #expect(Milliseconds(parsing: text) == nil)
        let reason = try #require(Milliseconds.fault(in: text))
        #expect(!reason.isEmpty)
    }

    @Test("without a unit is told which units there are")
    func missingUnit() throws {
        #expect(Milliseconds.fault(in: "30") == "\"30\" has no unit; write 30ms, 30s or 30m")
    }

    @Test(
        "is written in the largest unit that keeps it exact",
        arguments: [(0, "0s"), (1, "1ms"), (1_500, "1500ms"), (90_000, "90s"), (3_600_000, "1h"), (86_400_000, "1d")]
    )
    func writing(value: Int64, text: String) {
        #expect(Milliseconds(value).description == text)
    }

    @Test("reads back what it writes", arguments: 0..<200)
    func roundTrip(seed: Int) {
        var generator = Multiplier(state: UInt64(seed) + 1)
        let value = Int64(generator.next() >> UInt64(1 + seed % 60))
        let duration = Milliseconds(value)
        #expect(Milliseconds(parsing: duration.description) == duration)
    }

    @Test("is ordered by its length, not by its spelling")
    func order() throws {
        let short = try #require(Milliseconds(parsing: "900s"))
        let long = try #require(Milliseconds(parsing: "1h"))
        #expect(short < long)
        #expect(Milliseconds(parsing: "60m") == long)
    }

    @Test("is never negative")
    func negative() {
        #expect(Milliseconds(-5).value == 0)
    }
}

/// A small repeatable generator.
struct Multiplier: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
    }
}
