import CoreMetrics

/// A counter that is advanced by fractions. Safe from any thread, no lock.
package final class PrometheusFloatingCounter: FloatingPointCounterHandler {
    private let cells = AtomicCells(count: 1)

    init() {}

    /// Adds `amount`; what is negative or not finite is ignored, because it would spoil the sum for good.
    package func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        cells.add(amount, at: 0)
    }

    /// Takes over a total that is kept elsewhere (the kernel, a library), usually in `onScrape`.
    package func set(_ total: Double) {
        guard total >= 0, total.isFinite else { return }
        cells.store(total.bitPattern, at: 0)
    }

    /// Back to zero, which Prometheus reads as a restart of the process.
    package func reset() {
        cells.store(0, at: 0)
    }

    /// The sum so far.
    package var value: Double { Double(bitPattern: cells.load(0)) }
}
