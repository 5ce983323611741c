/// The retry queues: rung N holds a message for N seconds, N = 1, 2, 4, ... 65536.
///
/// A wait goes over the largest rung that fits, and over the next for what is left, until nothing is: at each hop a
/// rung that overshoots by at most 5 % (or half a second) ends it early. So a message comes back at most 5 % or one
/// second late, and never early: a `Retry-After` is kept.
///
/// | wait | hops |
/// | --- | --- |
/// | 5 s | 4, 1 |
/// | 15 s | 8, 4, 2, 1 |
/// | 60 s | 32, 16, 8, 4 |
/// | 6 h | 16384, 4096, 1024, 64, 32 |
package enum DelayLadder {
    package static let rungs: [Int] = (0...16).map { 1 << $0 }

    /// A message this near to its time (milliseconds) counts as due; less than the precision of the broker's timers.
    package static let tolerance: Int64 = 50

    /// The rung to wait on next, in seconds; nil when the time has come.
    /// - Parameter remaining: milliseconds until the message is due.
    package static func rung(remaining: Int64) -> Int? {
        if remaining <= tolerance { return nil }
        if remaining <= 1000 { return 1 }
        let lateness = max(500, remaining / 20)
        var best = 1
        for rung in rungs {
            let length = Int64(rung) * 1000
            if length <= remaining {
                best = rung
            } else {
                if length - remaining <= lateness { best = rung }
                break
            }
        }
        return best
    }
}
