/// Records for a stream, framed for AMQP 0-9-1 as they are written: one after another in one buffer, so that hundreds
/// go out in one system call. A value: built on any thread, handed over whole.
///
/// Write a record between `begin` and `end` by appending to `bytes`; touch what stands there already never.
package struct StreamBatch: Sendable {
    /// The largest body, in bytes: with its frame it fits every broker whose `frame_max` was not lowered.
    package static let bodyLimit = 64 << 10

    package var bytes: [UInt8] = []
    /// Where each record's frames begin.
    private var starts: [Int32] = []
    /// How often the connection broke while it was under way.
    var losses = 0
    private let head: [UInt8]
    private let sizeIndex: Int
    private let timeIndex: Int

    /// How many records there are.
    package var count: Int { starts.count }
    package var isEmpty: Bool { starts.isEmpty }

    /// - Parameters:
    ///   - stream: its name, at most 255 bytes; records go to it through the default exchange.
    ///   - capacity: bytes to make room for at once.
    package init(stream: String, capacity: Int) {
        var head: [UInt8] = []
        // basic.publish (60, 40), mandatory: a stream that is not there is told of (AMQP 0-9-1 section 1.8.3.7).
        let method = head.beginFrame(.method)
        head.append(contentsOf: [0, 60, 0, 40, 0, 0, 0])
        head.appendShortString(stream)
        head.append(1)
        head.endFrame(method)
        // The content header: size, then content_type and timestamp (bits 15 and 6).
        let header = head.beginFrame(.header)
        head.append(contentsOf: [0, 60, 0, 0])
        sizeIndex = head.count
        head.appendNumber(UInt64(0))
        head.append(contentsOf: [0x80, 0x40])
        head.appendShortString("application/json")
        timeIndex = head.count
        head.appendNumber(UInt64(0))
        head.endFrame(header)
        _ = head.beginFrame(.body)
        self.head = head
        bytes.reserveCapacity(capacity)
    }

    /// Opens a record.
    package mutating func begin() {
        starts.append(Int32(truncatingIfNeeded: bytes.count))
        bytes.append(contentsOf: head)
    }

    /// Closes the record.
    /// - Parameter seconds: since the Unix epoch, for the message's own timestamp.
    /// - Returns: false when it was empty or too large and is not in the batch.
    package mutating func end(seconds: Int64) -> Bool {
        guard let start = starts.last.map({ Int($0) }) else { return false }
        let size = bytes.count - start - head.count
        guard size > 0, size <= Self.bodyLimit else {
            bytes.removeSubrange(start...)
            starts.removeLast()
            return false
        }
        bytes.store(UInt64(size), at: start + sizeIndex)
        bytes.store(UInt64(max(0, seconds)), at: start + timeIndex)
        bytes.store(UInt32(size), at: start + head.count - 4)
        bytes.append(Frame.end)
        return true
    }

    /// Takes back the record that was begun.
    package mutating func abandon() {
        guard let start = starts.popLast() else { return }
        bytes.removeSubrange(Int(start)...)
    }

    /// The body of one record; made at each call.
    package func body(at index: Int) -> [UInt8] {
        let start = Int(starts[index]) + head.count
        let end = index + 1 < starts.count ? Int(starts[index + 1]) : bytes.count
        return Array(bytes[start..<(end - 1)])
    }

    /// Forgets the first records, which the broker has.
    mutating func removeFirst(_ count: Int) {
        if count <= 0 { return }
        if count >= starts.count {
            bytes = []
            starts = []
            return
        }
        let first = starts[count]
        bytes.removeSubrange(..<Int(first))
        starts = starts.dropFirst(count).map { $0 - first }
    }
}
