/// The deliveries of the messages that were settled last. When a connection breaks nobody knows how many of the
/// acknowledgements that were written the broker has read; what it has not, it delivers again. A consumer
/// never has more messages out than the prefetch, so those that come again are among the last so many. (While a window is
/// opened there are two consumers for a moment: what is missed then is sent twice.) Pure; holds twice as many at most.
package struct RecentSettlements: Sendable {
    private let limit: Int
    private var current = KeyPile()
    private var previous = KeyPile()
    private var count = 0

    /// - Parameter limit: the prefetch, 1 or more.
    package init(limit: Int) {
        self.limit = limit
    }

    /// A message was settled.
    /// - Parameters:
    ///   - earlier: the keys of its deliveries that were over before the last.
    ///   - head: with `tail` the key of the last.
    package mutating func add(_ earlier: KeyPile, _ head: [UInt8], _ tail: [UInt8]) {
        if count == limit {
            swap(&current, &previous)
            current.removeAll()
            count = 0
        }
        count += 1
        if !earlier.isEmpty { current.add(earlier) }
        current.add(head, tail)
    }

    /// The keys, the oldest first; forgotten here.
    package mutating func take() -> [[UInt8]] {
        defer {
            previous.removeAll()
            current.removeAll()
            count = 0
        }
        return previous.keys + current.keys
    }
}
