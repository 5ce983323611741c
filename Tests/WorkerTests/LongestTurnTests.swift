import Testing
import Worker

@Suite("The longest turn of a lane")
struct LongestTurnTests {
    private static let second: Int64 = 1_000_000_000

    @Test("is known for a minute at least and two at most")
    func minutes() {
        var longest = LongestTurn(now: 0)
        #expect(longest.value == 0)
        longest.ended(10 * Self.second, now: 10 * Self.second + 7_000_000)
        longest.ended(11 * Self.second, now: 11 * Self.second + 1_000)
        #expect(longest.value == 7_000_000)
        longest.ended(61 * Self.second, now: 61 * Self.second + 2_000_000)
        #expect(longest.value == 7_000_000, "of the minute before")
        longest.ended(122 * Self.second, now: 122 * Self.second + 1_000)
        #expect(longest.value == 2_000_000)
        longest.ended(183 * Self.second, now: 183 * Self.second)
        #expect(longest.value == 1_000)
    }

    @Test("of a loop that stood still is that one alone")
    func stillness() {
        var longest = LongestTurn(now: 0)
        longest.ended(Self.second, now: Self.second + 9_000_000)
        longest.ended(500 * Self.second, now: 500 * Self.second + 3_000)
        #expect(longest.value == 3_000)
        // One that itself takes so long.
        longest.ended(501 * Self.second, now: 801 * Self.second)
        #expect(longest.value == 300 * Self.second)
    }
}
