/// How many requests one destination gets at a time, by how it takes them. Pure; times are monotonic nanoseconds.
///
/// Additive increase, multiplicative decrease, as in the adaptive concurrency controller of Vector
/// (`src/sinks/util/adaptive_concurrency/controller.rs`, itself after Netflix' concurrency-limits): at most one change per
/// round trip; one more when the limit was reached and answers came no slower than their mean (an exponentially weighted
/// one, weight 0.4); a tenth less when they took longer than the mean and 2.5 standard deviations. Different here:
/// - It starts at the top, so that a healthy destination is never slower than under a fixed limit.
/// - A 429 halves it, and so does a time-out when a fifth of the last requests timed out; below half of what it then was
///   it doubles rather than creeps, as TCP's slow start. One that now and then forgets a request is not overloaded: at
///   one or two at a time nothing would come through between its time-outs.
/// - Latency alone counts from 50 ms on, and takes no more than three quarters: a busy machine of our own looks the same.
package struct ConcurrencyLimit: Sendable, BitwiseCopyable {
    package private(set) var limit: Int
    private let maximum: Int
    /// Up to here it grows by doubling.
    private var threshold = 0
    private var mean = 0.0
    private var variance = 0.0
    // Of the round trip that is being watched.
    private var sum = 0.0
    private var count = 0
    private var ends: Int64 = 0
    private var wasReached = false
    private var wasOverloaded = false
    /// The share of requests that timed out, exponentially weighted over the last thirty or so.
    private var timeOuts = 0.0

    private static let weight = 0.4
    private static let timeOutWeight = 0.03
    private static let manyTimeOuts = 0.2
    private static let deviations = 2.5
    private static let patience = 50_000_000.0

    package init(maximum: Int) {
        limit = maximum
        self.maximum = maximum
    }

    /// The mean time of an answer; 0 before the first.
    package var meanLatency: Int64 { Int64(mean) }

    /// An answer came.
    /// - Parameter wasFull: as many were under way as may be.
    package mutating func answered(latency: Int64, wasFull: Bool, now: Int64) {
        sum += Double(latency)
        count += 1
        if wasFull { wasReached = true }
        timeOuts -= Self.timeOutWeight * timeOuts
        if now >= ends { adjust(now: now) }
    }

    /// It said that it was too much.
    package mutating func overloaded(now: Int64) {
        wasOverloaded = true
        if now >= ends { adjust(now: now) }
    }

    /// No answer came in time.
    package mutating func timedOut(now: Int64) {
        timeOuts += Self.timeOutWeight * (1 - timeOuts)
        if timeOuts >= Self.manyTimeOuts { wasOverloaded = true }
        if now >= ends { adjust(now: now) }
    }

    /// Begins anew with one at a time: after a pause that it asked for, or when it comes back from the dead.
    package mutating func restart() {
        threshold = max(1, maximum / 2)
        limit = 1
        wasReached = false
        wasOverloaded = false
    }

    private mutating func adjust(now: Int64) {
        let current = count > 0 ? sum / Double(count) : mean
        if wasOverloaded {
            limit = max(1, limit / 2)
            threshold = limit
        } else if mean > 0, current > mean + Self.deviations * variance.squareRoot(), current > Self.patience {
            limit = max(min(limit, max(1, maximum / 4)), limit * 9 / 10)
        } else if wasReached, limit < maximum, mean == 0 || current <= mean || limit < threshold {
            limit = limit < threshold ? min(limit * 2, threshold) : limit + 1
        }
        if count > 0 {
            if mean == 0 {
                mean = current
            } else {
                let difference = current - mean
                mean += Self.weight * difference
                variance = (1 - Self.weight) * (variance + Self.weight * difference * difference)
            }
        }
        ends = now + Int64(max(mean, 1_000_000))
        sum = 0
        count = 0
        wasReached = false
        wasOverloaded = false
    }
}
