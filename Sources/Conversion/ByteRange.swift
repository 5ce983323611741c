/// A run of bytes in `ConversionEvent.storage`; what the decoder hands out instead of strings.
package struct ByteRange: Sendable, Hashable {
    /// Index of the first byte.
    package var start: UInt32
    /// Number of bytes; 0 for an empty string.
    package var count: UInt32

    /// A run of `count` bytes from `start` on.
    package init(start: UInt32, count: UInt32) {
        self.start = start
        self.count = count
    }

    /// From index `start` up to `end`; indices into a body always fit.
    init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: end &- start)
    }

    /// The indices into `ConversionEvent.storage`.
    package var indices: Range<Int> {
        Int(start)..<(Int(start) + Int(count))
    }

    /// Stands for "absent" in the event's table of fields: bodies never reach this index.
    static let absent = ByteRange(start: .max, count: 0)

    var isAbsent: Bool { start == .max }
}
