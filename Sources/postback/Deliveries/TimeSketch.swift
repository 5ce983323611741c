import Foundation

/// Percentiles of durations in constant memory: counts by logarithmic buckets, exact to 1 %.
struct TimeSketch {
    private var counts: [Int32: Int] = [:]
    private var total = 0

    /// Each bucket is 2 % wide, so that its middle is at most 1 % off.
    private static let step = log(1.02)

    /// - Parameter milliseconds: what is below a microsecond counts as one.
    mutating func add(_ milliseconds: Double) {
        let bucket = Int32((log(max(milliseconds, 0.001)) / Self.step).rounded())
        counts[bucket, default: 0] += 1
        total += 1
    }

    /// The smallest duration that `share` of all do not exceed (nearest rank); nil when there are none.
    func percentile(_ share: Double) -> Double? {
        if total == 0 { return nil }
        let rank = max(1, Int((share * Double(total)).rounded(.up)))
        var seen = 0
        for (bucket, count) in counts.sorted(by: { $0.key < $1.key }) {
            seen += count
            if seen >= rank { return (exp(Double(bucket) * Self.step) * 1000).rounded() / 1000 }
        }
        return nil
    }
}
