/// How long a hand-off may wait. Pure; said again apart from the worker's own arithmetic. Times in milliseconds.
enum WaitPromise {
    /// The rung is the longest that fits, or overshoots by no more than 5 % or half a second; one of a second at least.
    /// - Parameters:
    ///   - rung: seconds.
    ///   - remaining: until its time.
    static func isRight(rung: Int, remaining: Int64) -> Bool {
        let length = Int64(rung) * 1000
        if length <= remaining { return length * 2 > remaining || rung == 65_536 }
        return rung == 1 || length - remaining <= max(500, remaining / 20)
    }

    /// What a retry may wait after so many failed attempts.
    static func range(after attempt: Int, first: Int64, factor: Double, longest: Int64, jitter: Double)
        -> ClosedRange<Int64>
    {
        var delay = Double(first)
        for _ in 1..<max(1, attempt) { delay = min(delay * factor, Double(longest)) }
        delay = min(delay, Double(longest))
        return Int64(delay * (1 - jitter)) - 1...Int64(delay * (1 + jitter)) + 1
    }

    /// The longest that one is parked: the first time for as long as its destination is shut and 32 s; then twice as
    /// long each time, and rounded up to a whole rung.
    /// - Parameter times: how often it was parked before.
    static func longestParking(times: Int, shut: Int64) -> Int64 {
        let turn: Int64 = 32_000 << min(times, 7)
        return times == 0 ? shut + turn + 1 : 2 * (shut + turn)
    }
}
