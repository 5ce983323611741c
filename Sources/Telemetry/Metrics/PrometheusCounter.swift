import CoreMetrics

/// A number that only goes up: one series of a counter family. Safe from any thread, no lock.
package final class PrometheusCounter: CounterHandler {
    private let cells = AtomicCells(count: 1)

    init() {}

    /// Adds `amount`; a negative amount is ignored, because a falling counter reads as a restart.
    package func increment(by amount: Int64) {
        guard amount > 0 else { return }
        cells.add(UInt64(amount), at: 0)
    }

    /// Adds one.
    package func increment() {
        cells.add(1 as UInt64, at: 0)
    }

    /// Back to zero, which Prometheus reads as a restart of the process.
    package func reset() {
        cells.store(0, at: 0)
    }

    /// The sum so far.
    package var value: UInt64 { cells.load(0) }
}
