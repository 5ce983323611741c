internal import DequeModule

/// What became of deliveries whose message the broker took back while they were under way: it will bring the message
/// again, and sending the request a second time would be a duplicate that need not be. Pure; bounded by age and count.
package struct OrphanMemory: Sendable {
    package enum Fate: Sendable, Equatable {
        /// Still under way, as this delivery.
        case underWay(Int)
        case delivered
    }

    private struct Memory: Sendable {
        var fate: Fate
        var expires: Int64
    }

    private var memories: [[UInt8]: Memory] = [:]
    private var order: Deque<([UInt8], Int64)> = []
    private static let limit = 100_000
    /// Nanoseconds; a broker that is away for longer may cause duplicates.
    private static let lifetime: Int64 = 900_000_000_000
    /// The same for what may well be acknowledged and never come again; then the key is only in the way of whoever
    /// publishes the event anew.
    private static let shortLifetime: Int64 = 300_000_000_000

    package init() {}

    package var isEmpty: Bool { memories.isEmpty }

    /// - Parameters:
    ///   - key: the idempotency key, event id and route key.
    ///   - isSettled: the message was settled, and its acknowledgement may have been read.
    ///   - now: monotonic nanoseconds.
    package mutating func remember(_ key: [UInt8], _ fate: Fate, isSettled: Bool = false, now: Int64) {
        let expires = now + (isSettled ? Self.shortLifetime : Self.lifetime)
        memories[key] = Memory(fate: fate, expires: expires)
        order.append((key, expires))
        forgetOld(now: now)
    }

    /// Makes room; once in a while.
    package mutating func forgetOld(now: Int64) {
        while let (oldest, due) = order.first, due <= now || order.count > Self.limit {
            order.removeFirst()
            if memories[oldest]?.expires == due { memories[oldest] = nil }
        }
    }

    /// The fate of the delivery with this key, which is then forgotten: its message is here again.
    package mutating func take(_ key: [UInt8], now: Int64) -> Fate? {
        guard let memory = memories.removeValue(forKey: key), memory.expires > now else { return nil }
        return memory.fate
    }

    /// A message with this key is here for the first time: it is another one than that which was delivered, and the key
    /// cannot tell them apart.
    package mutating func seeFresh(_ key: [UInt8]) {
        if memories[key]?.fate == .delivered { memories[key] = nil }
    }

    /// The delivery with this key ended otherwise than delivered: when it comes again it is to be tried again.
    package mutating func forget(_ key: [UInt8]) {
        memories[key] = nil
    }
}
