/// Looks for bytes that a request must not hold, eight at a time: every byte of every request passes through here.
enum WordScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Whether all are above the blank and none is DEL: a request target on the wire.
    static func isTarget(_ bytes: [UInt8]) -> Bool {
        bytes.allWords { word in (below(word, 0x21) | equal(word, 0x7f)) & highs == 0 }
    }

    /// Whether none is CR, LF or NUL: one header line.
    static func isOneLine(_ bytes: [UInt8]) -> Bool {
        bytes.allWords { word in (equal(word, 0x0d) | equal(word, 0x0a) | equal(word, 0)) & highs == 0 }
    }

    /// Has a high bit where a byte is below `limit` (1 to 128). Only whether there is one can be relied on, not where:
    /// a borrow may mark the byte above.
    @inline(__always)
    private static func below(_ word: UInt64, _ limit: UInt64) -> UInt64 { (word &- ones &* limit) & ~word }

    @inline(__always)
    private static func equal(_ word: UInt64, _ byte: UInt64) -> UInt64 { below(word ^ ones &* byte, 1) }
}

extension [UInt8] {
    /// Whether all words of eight bytes pass; the last one is filled up with what always does, the letter `x`.
    @inline(__always)
    fileprivate func allWords(_ passes: (UInt64) -> Bool) -> Bool {
        let bytes = unsafe span.bytes
        var index = 0
        while index &+ 8 <= bytes.byteCount {
            // The loop's condition is the check of the bounds.
            let word = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
            if !passes(word) { return false }
            index &+= 8
        }
        var rest: UInt64 = 0x7878_7878_7878_7878
        while index < count {
            rest = rest &<< 8 | UInt64(self[index])
            index &+= 1
        }
        return passes(rest)
    }
}
