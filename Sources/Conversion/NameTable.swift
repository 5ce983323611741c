/// The names of one object that were met, so that none may stand twice. A few are compared with each other; many go into
/// a table, because a thousand parameters would cost squares.
struct NameTable {
    private struct Slot {
        var hash: UInt32
        /// Which entry has the name, counted from 1; 0 marks a free slot.
        var entry: UInt32
    }

    /// Up to here comparing costs less than a table.
    private static let fewNames = 8
    private static let firstSize = 64

    /// A power of two of them, at most half of which are taken; none while names are few.
    private var slots: [Slot] = []

    /// Two numbers that nobody outside can know, the same for the life of the process: who could guess where names meet
    /// could send an event that costs squares.
    private static let (seed, factor) = (secret(1), secret(2) | 1)

    private static func secret(_ number: Int) -> UInt64 {
        // Swift gives each process a seed of its own, and shows it only through this.
        var hasher = Hasher()
        hasher.combine(number)
        return UInt64(truncatingIfNeeded: hasher.finalize())
    }

    /// Takes the name of the entry that comes next after `entries`.
    /// - Returns: false when one of those has it already.
    @inline(never)
    mutating func insert(_ name: ByteRange, after entries: [ConversionEvent.NamedRange], _ text: Span<UInt8>) -> Bool {
        if entries.count < Self.fewNames {
            for other in entries where Self.areEqual(other.name, name, text) { return false }
            return true
        }
        makeRoom(for: entries, text)
        let hash = Self.hash(name, text)
        var index = Int(hash) & (slots.count &- 1)
        while slots[index].entry != 0 {
            let slot = slots[index]
            if slot.hash == hash, Self.areEqual(entries[Int(slot.entry) &- 1].name, name, text) { return false }
            index = (index &+ 1) & (slots.count &- 1)
        }
        slots[index] = Slot(hash: hash, entry: UInt32(truncatingIfNeeded: entries.count &+ 1))
        return true
    }

    /// Sees to it that one more than `entries` fits.
    @inline(__always)
    private mutating func makeRoom(for entries: [ConversionEvent.NamedRange], _ text: Span<UInt8>) {
        if slots.isEmpty {
            slots = Array(repeating: Slot(hash: 0, entry: 0), count: Self.firstSize)
            for (index, entry) in entries.enumerated() {
                place(Slot(hash: Self.hash(entry.name, text), entry: UInt32(truncatingIfNeeded: index &+ 1)))
            }
        } else if entries.count &* 2 >= slots.count {
            let before = slots
            slots = Array(repeating: Slot(hash: 0, entry: 0), count: before.count * 2)
            for slot in before where slot.entry != 0 { place(slot) }
        }
    }

    /// Puts down a name that is in no slot yet.
    private mutating func place(_ slot: Slot) {
        var index = Int(slot.hash) & (slots.count &- 1)
        while slots[index].entry != 0 { index = (index &+ 1) & (slots.count &- 1) }
        slots[index] = slot
    }

    /// From the end: where names differ, it is mostly there (`sub1`, `sub2`).
    @inline(__always)
    private static func areEqual(_ one: ByteRange, _ other: ByteRange, _ text: Span<UInt8>) -> Bool {
        if one.count != other.count { return false }
        var left = Int(one.count)
        while left > 0, text[Int(one.start) &+ left &- 1] == text[Int(other.start) &+ left &- 1] { left &-= 1 }
        return left == 0
    }

    private static func hash(_ name: ByteRange, _ text: Span<UInt8>) -> UInt32 {
        var index = Int(name.start)
        let end = index &+ Int(name.count)
        precondition(end <= text.count)
        let (seed, factor) = (seed, factor)
        var state = seed ^ UInt64(name.count)
        let raw = text.bytes
        while index &+ 8 < end {
            // Within the name, which lies in the text.
            state = mix(state ^ raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self), factor)
            index &+= 8
        }
        var rest: UInt64 = 0
        if index &+ 8 <= text.count {
            // Checked just now; what stands behind the name is cut off.
            rest = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
            rest &= end > index ? UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* (end &- index)) : 0
        } else {
            for byte in index..<end { rest |= UInt64(text[byte]) &<< UInt64(8 &* (byte &- index)) }
        }
        return UInt32(truncatingIfNeeded: mix(state ^ rest, factor))
    }

    /// Each bit of the result depends on all of `value`.
    @inline(__always)
    private static func mix(_ value: UInt64, _ factor: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: factor)
        return product.high ^ product.low
    }
}
