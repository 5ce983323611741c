import Synchronization

/// A fixed row of 64-bit atomic words with one owner: the storage of every counter, gauge and histogram.
///
/// The owner allocates once and frees on `deinit`; nobody else sees the pointer. All access is relaxed: a metric is a
/// sum, no other memory is published through it.
struct AtomicCells: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutablePointer<Atomic<UInt64>>

    /// How many words there are; at least one.
    let count: Int

    init(count: Int) {
        self.count = max(1, count)
        base = .allocate(capacity: self.count)
        for index in 0..<self.count { (base + index).initialize(to: Atomic(0)) }
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    func load(_ index: Int) -> UInt64 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        return base[index].load(ordering: .relaxed)
    }

    func store(_ value: UInt64, at index: Int) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        base[index].store(value, ordering: .relaxed)
    }

    /// Adds to the word as an integer; wraps at 2^64.
    func add(_ amount: UInt64, at index: Int) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        base[index].wrappingAdd(amount, ordering: .relaxed)
    }

    /// Adds to the word as the bits of a `Double`.
    func add(_ amount: Double, at index: Int) {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
        var old = base[index].load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (exchanged, current) = base[index].weakCompareExchange(
                expected: old,
                desired: new,
                ordering: .relaxed
            )
            if exchanged { return }
            old = current
        }
    }
}
