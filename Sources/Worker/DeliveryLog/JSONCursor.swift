/// Writes JSON into memory that was reserved for it, without checking the room byte by byte: each piece is checked once,
/// and what does not fit makes the whole text void (`hasOverflowed`). Lives only inside `Array.appendJSON`.
struct JSONCursor {
    private var next: UnsafeMutablePointer<UInt8>
    private let end: UnsafeMutablePointer<UInt8>
    private(set) var hasOverflowed = false

    fileprivate init(_ memory: UnsafeMutableBufferPointer<UInt8>, from start: UnsafeMutablePointer<UInt8>) {
        next = start
        end = start + memory.count
    }

    fileprivate func written(since start: UnsafeMutablePointer<UInt8>) -> Int { next - start }

    @inline(__always)
    private mutating func hasRoom(_ count: Int) -> Bool {
        if count <= end - next { return true }
        hasOverflowed = true
        return false
    }

    /// JSON that is written down here.
    @inline(__always)
    mutating func literal(_ text: StaticString) {
        guard hasRoom(text.utf8CodeUnitCount) else { return }
        next.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        next += text.utf8CodeUnitCount
    }

    @inline(__always)
    mutating func byte(_ byte: UInt8) {
        guard hasRoom(1) else { return }
        next.pointee = byte
        next += 1
    }

    /// JSON that was made before.
    @inline(__always)
    mutating func prepared(_ bytes: [UInt8]) {
        guard hasRoom(bytes.count) else { return }
        bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            next.update(from: start, count: source.count)
            next += source.count
        }
    }

    mutating func number(_ value: Int64) {
        guard hasRoom(20) else { return }
        var rest = value.magnitude
        if value < 0 {
            next.pointee = UInt8(ascii: "-")
            next += 1
        }
        var width = 1
        var bound: UInt64 = 10
        while rest >= bound, width < 20 {
            width += 1
            if width == 20 { break }
            bound *= 10
        }
        var place = width
        while place > 0 {
            place -= 1
            next[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        next += width
    }

    /// Milliseconds with three decimals, from microseconds; never negative.
    mutating func milliseconds(_ microseconds: Int64) {
        let value = max(0, microseconds)
        number(value / 1000)
        let rest = UInt64(value % 1000)
        if rest == 0 { return }
        guard hasRoom(4) else { return }
        next[0] = UInt8(ascii: ".")
        next[1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 100)
        next[2] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / 10 % 10)
        next[3] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
        next += 4
    }

    /// The inside of a string. What is no UTF-8 becomes U+FFFD, and what is longer than `limit` bytes is cut between
    /// two characters and ends in "…".
    mutating func text(_ source: UnsafeBufferPointer<UInt8>, limit: Int) {
        var count = source.count
        if count > limit {
            count = limit
            while count > 0, source[count] & 0xC0 == 0x80 { count -= 1 }
        }
        guard hasRoom(count &* 6 &+ 8) else { return }
        guard let start = source.baseAddress else { return }
        var index = 0
        while index < count {
            if index &+ 8 > count, count >= 8 {
                // The last few with some that were written already, so that they are a whole word too.
                let back = 8 &- (count &- index)
                let word = UnsafeRawPointer(start + (count &- 8)).loadUnaligned(as: UInt64.self) >> UInt64(8 &* back)
                if Self.isPlain(word | ~(UInt64.max >> UInt64(8 &* back)) & 0x2020_2020_2020_2020) {
                    UnsafeMutableRawPointer(next).storeBytes(of: word, as: UInt64.self)
                    next += count &- index
                    break
                }
            }
            if index &+ 8 <= count {
                // Eight at a time: all are copied, and count when none of them needs more than that.
                let word = UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
                UnsafeMutableRawPointer(next).storeBytes(of: word, as: UInt64.self)
                if Self.isPlain(word) {
                    next += 8
                    index &+= 8
                    continue
                }
            }
            let byte = start[index]
            if Self.isPlain(byte) {
                next.pointee = byte
                next += 1
                index &+= 1
            } else {
                index = character(start, index, count)
            }
        }
        if count < source.count {
            next[0] = 0xE2
            next[1] = 0x80
            next[2] = 0xA6
            next += 3
        }
    }

    /// Whether all eight are ASCII that a JSON string holds as it is. A byte in question has its high bit set in one of
    /// the terms; borrows from a lower byte can only turn a yes into a no.
    @inline(__always)
    private static func isPlain(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        let deletes = word ^ (ones &* 0x7F)
        let special = (word &- ones &* 0x20) | (quotes &- ones) | (slashes &- ones) | (deletes &- ones) | word
        return special & (ones &* 0x80) == 0
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
    }

    /// Writes the character at `index`.
    /// - Returns: the index of the next.
    private mutating func character(_ source: UnsafePointer<UInt8>, _ index: Int, _ count: Int) -> Int {
        let byte = source[index]
        if byte >= 0x80 {
            let length = UTF8Sequence.length(source + index, count - index)
            if length == 0 {
                next[0] = 0xEF
                next[1] = 0xBF
                next[2] = 0xBD
                next += 3
                return index + 1
            }
            next.update(from: source + index, count: length)
            next += length
            return index + length
        }
        next[0] = UInt8(ascii: "\\")
        switch byte {
        case 0x22, 0x5C: next[1] = byte
        case 0x0A: next[1] = UInt8(ascii: "n")
        case 0x0D: next[1] = UInt8(ascii: "r")
        case 0x09: next[1] = UInt8(ascii: "t")
        default:
            next[1] = UInt8(ascii: "u")
            next[2] = UInt8(ascii: "0")
            next[3] = UInt8(ascii: "0")
            next[4] = Self.hex(byte >> 4)
            next[5] = Self.hex(byte & 15)
            next += 6
            return index + 1
        }
        next += 2
        return index + 1
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }
}

/// Well-formed UTF-8, Unicode 15 table 3-7.
private enum UTF8Sequence {
    /// How long the sequence at `start` is; 0 when it is none.
    static func length(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int {
        let first = start[0]
        func isTail(_ place: Int) -> Bool { place < count && start[place] & 0xC0 == 0x80 }
        switch first {
        case 0xC2...0xDF: return isTail(1) ? 2 : 0
        case 0xE0...0xEF:
            guard isTail(1), isTail(2) else { return 0 }
            if first == 0xE0, start[1] < 0xA0 { return 0 }
            if first == 0xED, start[1] > 0x9F { return 0 }
            return 3
        case 0xF0...0xF4:
            guard isTail(1), isTail(2), isTail(3) else { return 0 }
            if first == 0xF0, start[1] < 0x90 { return 0 }
            if first == 0xF4, start[1] > 0x8F { return 0 }
            return 4
        default: return 0
        }
    }
}

extension [UInt8] {
    /// Appends what `body` writes, at most `capacity` bytes.
    /// - Returns: false when it did not fit; nothing is appended then.
    mutating func appendJSON(_ capacity: Int, _ body: (inout JSONCursor) -> Void) -> Bool {
        var fits = true
        append(addingCapacity: capacity) { (out: inout OutputSpan<UInt8>) in
            out.withUnsafeMutableBufferPointer { memory, count in
                guard let base = memory.baseAddress else { return }
                let start = base + count
                let room = UnsafeMutableBufferPointer(start: start, count: memory.count - count)
                var cursor = JSONCursor(room, from: start)
                body(&cursor)
                if cursor.hasOverflowed { fits = false } else { count += cursor.written(since: start) }
            }
        }
        return fits
    }
}
