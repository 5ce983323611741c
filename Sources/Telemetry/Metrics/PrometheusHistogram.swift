import CoreMetrics

/// A distribution: counts by upper bound, and the sum. Safe from any thread, no lock.
///
/// Serves swift-metrics as a timer (in seconds) and as a recorder that aggregates (in whatever unit is recorded).
/// Cells: one per bound, one for `+Inf`, then the sum as the bits of a `Double`: as integer nanoseconds the ages of
/// late deliveries (up to 72 h each) would overflow within minutes. The count is the sum of the buckets, so a scrape
/// is never inconsistent in itself.
package final class PrometheusHistogram: TimerHandler, RecorderHandler {
    /// The upper bounds, without `+Inf`.
    package let buckets: HistogramBuckets
    private let bounds: [Double]
    private let cells: AtomicCells

    init(buckets: HistogramBuckets) {
        self.buckets = buckets
        bounds = buckets.bounds
        cells = AtomicCells(count: bounds.count + 2)
    }

    /// Counts one value; what is not finite is ignored, because it would spoil the sum for good.
    package func record(_ value: Double) {
        guard value.isFinite else { return }
        var index = 0
        while index < bounds.count, value > bounds[index] { index += 1 }
        cells.add(1 as UInt64, at: index)
        cells.add(value, at: bounds.count + 1)
    }

    package func record(_ value: Int64) {
        record(Double(value))
    }

    /// Counts one duration, in seconds.
    package func recordNanoseconds(_ duration: Int64) {
        record(Double(duration) / 1e9)
    }

    /// What a scrape sees: counts per bucket (not cumulative, `+Inf` last) and the sum.
    func snapshot() -> (counts: [UInt64], sum: Double) {
        let counts = (0...bounds.count).map { cells.load($0) }
        return (counts, Double(bitPattern: cells.load(bounds.count + 1)))
    }
}
