import CoreMetrics

/// A number that goes up and down: one series of a gauge family. Safe from any thread, no lock.
///
/// It serves swift-metrics both as a meter and as a recorder that does not aggregate.
package final class PrometheusGauge: MeterHandler, RecorderHandler {
    private let cells = AtomicCells(count: 1)

    init() {}

    /// Sets the value.
    package func set(_ value: Int) {
        set(Double(value))
    }

    /// Sets the value; exact up to 2^53.
    package func set(_ value: Int64) {
        set(Double(value))
    }

    /// Sets the value; NaN is ignored and the last value stays.
    package func set(_ value: Double) {
        guard !value.isNaN else { return }
        cells.store(value.bitPattern, at: 0)
    }

    /// Adds; what is not finite is ignored.
    package func increment(by amount: Double) {
        guard amount.isFinite else { return }
        cells.add(amount, at: 0)
    }

    /// Subtracts; what is not finite is ignored.
    package func decrement(by amount: Double) {
        increment(by: -amount)
    }

    package func record(_ value: Int64) { set(value) }

    package func record(_ value: Double) { set(value) }

    /// The value now.
    package var value: Double { Double(bitPattern: cells.load(0)) }
}
