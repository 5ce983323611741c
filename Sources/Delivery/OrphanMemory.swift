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

    package init() {}

    package var isEmpty: Bool { memories.isEmpty }

    /// - Parameters:
    ///   - key: the idempotency key, event id and route key.
    ///   - now: monotonic nanoseconds.
    package mutating func remember(_ key: [UInt8], _ fate: Fate, now: Int64) {
        let expires = now + Self.lifetime
        memories[key] = Memory(fate: fate, expires: expires)
        order.append((key, expires))
        while let (oldest, due) = order.first, due <= now || order.count > Self.limit {
            order.removeFirst()
            if memories[oldest]?.expires == due { memories[oldest] = nil }
        }
    }

    /// The fate of the delivery with this key, which is then forgotten: its message is here again.
    package mutating func take(_ key: [UInt8]) -> Fate? {
        memories.removeValue(forKey: key)?.fate
    }

    /// The delivery with this key ended otherwise than delivered: when it comes again it is to be tried again.
    package mutating func forget(_ key: [UInt8]) {
        memories[key] = nil
    }
}
