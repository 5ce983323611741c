/// Finds what a JSON key of at most 16 bytes stands for: an open-addressing table over keys packed into two words, so
/// that a look-up is a multiplication and a comparison, without a string.
struct KeyTable<Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var low: UInt64
        var high: UInt64
        /// 0 marks a free slot: the empty key is in no table.
        var count: Int
        var value: Value
    }

    private static var bits: UInt64 { 6 }
    private var slots: [Slot]

    /// At most half of the 64 slots may be taken; names are known here, not by input.
    init(_ names: [(String, Value)]) {
        precondition(!names.isEmpty && names.count <= 32)
        let free = Slot(low: 0, high: 0, count: 0, value: names[0].1)
        slots = Array(repeating: free, count: 1 << Int(Self.bits))
        for (name, value) in names {
            let bytes = Array(name.utf8)
            precondition((1...16).contains(bytes.count))
            let (low, high) = Self.pack(bytes.span, from: 0, count: bytes.count)
            var index = Self.slot(low, high)
            while slots[index].count != 0 { index = (index + 1) & (slots.count - 1) }
            slots[index] = Slot(low: low, high: high, count: bytes.count, value: value)
        }
    }

    /// What the bytes at `range` of `text` name, if anything.
    @inline(__always)
    func value(of range: ByteRange, in text: Span<UInt8>) -> Value? {
        let count = Int(range.count)
        guard count > 0, count <= 16 else { return nil }
        let (low, high) = Self.pack(text, from: Int(range.start), count: count)
        return value(low: low, high: high, count: count)
    }

    /// The same for a key that is packed already; `count` is 1...16.
    @inline(__always)
    func value(low: UInt64, high: UInt64, count: Int) -> Value? {
        var index = Self.slot(low, high)
        while true {
            let slot = slots[index]
            if slot.count == 0 { return nil }
            if slot.low == low, slot.high == high, slot.count == count { return slot.value }
            index = (index &+ 1) & (slots.count &- 1)
        }
    }

    private static func slot(_ low: UInt64, _ high: UInt64) -> Int {
        Int(truncatingIfNeeded: ((low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93) >> (64 &- bits))
    }

    /// The bytes as two little-endian words, zeros behind them.
    @inline(__always)
    private static func pack(_ text: Span<UInt8>, from start: Int, count: Int) -> (low: UInt64, high: UInt64) {
        if start &+ 16 <= text.count {
            // Checked just now.
            let raw = text.bytes
            let low = raw.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: UInt64.self)
            let high = raw.unsafeLoadUnaligned(fromUncheckedByteOffset: start &+ 8, as: UInt64.self)
            let rest = UInt64.max &>> UInt64(truncatingIfNeeded: 0 &- 8 &* count)
            return count <= 8
                ? (UInt64(littleEndian: low) & rest, 0) : (UInt64(littleEndian: low), UInt64(littleEndian: high) & rest)
        }
        return packBytes(text, from: start, count: count)
    }

    /// The same near the end of the text.
    @inline(never)
    private static func packBytes(_ text: Span<UInt8>, from start: Int, count: Int) -> (low: UInt64, high: UInt64) {
        var (low, high): (UInt64, UInt64) = (0, 0)
        for index in 0..<count {
            let byte = UInt64(text[start + index])
            if index < 8 { low |= byte << UInt64(8 * index) } else { high |= byte << UInt64(8 * index - 64) }
        }
        return (low, high)
    }
}
