/// All the series of one counter family whose label values are known beforehand, side by side in one allocation.
///
/// The hot path adds by index: no dictionary, no string, no reference counting per series.
package final class CounterVector: Sendable {
    private let cells: AtomicCells

    init(count: Int) {
        cells = AtomicCells(count: count)
    }

    /// How many series there are.
    package var count: Int { cells.count }

    /// Adds `amount` to the series at `index`, which counts from 0 in the order the label sets were given.
    package func increment(_ index: Int, by amount: UInt64 = 1) {
        cells.add(amount, at: index)
    }

    /// The sum so far of the series at `index`.
    package func value(_ index: Int) -> UInt64 { cells.load(index) }
}
