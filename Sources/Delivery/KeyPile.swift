/// Keys of deliveries, one behind the other in one buffer, so that keeping another costs a copy and no allocation. Pure.
package struct KeyPile: Sendable {
    private var bytes: [UInt8] = []

    package init() {}

    package var isEmpty: Bool { bytes.isEmpty }

    /// The key is `head` and then `tail`; together at most 4 GiB.
    package mutating func add(_ head: [UInt8], _ tail: [UInt8]) {
        let count = UInt32(head.count + tail.count)
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
        bytes.append(contentsOf: head)
        bytes.append(contentsOf: tail)
    }

    package mutating func add(_ other: KeyPile) {
        bytes.append(contentsOf: other.bytes)
    }

    /// In the order in which they were added.
    package var keys: [[UInt8]] {
        var keys: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let count = (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
            keys.append(Array(bytes[start + 4..<start + 4 + count]))
            start += 4 + count
        }
        return keys
    }

    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }
}
