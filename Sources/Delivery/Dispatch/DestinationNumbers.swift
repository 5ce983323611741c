/// Gives destinations small numbers, and takes them back from those that nobody asks for any more. Pure.
package struct DestinationNumbers<Key: Hashable & Sendable>: Sendable {
    private var numbers: [Key: Int] = [:]
    private var keys: [Key?] = []
    private var free: [Int] = []
    private var hand = 0
    /// More than this many are only kept as long as they are busy.
    package let limit: Int

    package init(limit: Int = 10_000) {
        self.limit = limit
    }

    package var count: Int { numbers.count }
    /// Above every number in use.
    package var bound: Int { keys.count }
    package var isCrowded: Bool { numbers.count > limit }

    package func number(of key: Key) -> Int? { numbers[key] }

    package func key(of number: Int) -> Key? { number < keys.count ? keys[number] : nil }

    package mutating func add(_ key: Key) -> Int {
        let number: Int
        if let reused = free.popLast() {
            number = reused
            keys[number] = key
        } else {
            number = keys.count
            keys.append(key)
        }
        numbers[key] = number
        return number
    }

    package mutating func remove(_ number: Int) {
        guard let key = self.key(of: number) else { return }
        numbers[key] = nil
        keys[number] = nil
        free.append(number)
    }

    /// The next numbers in use among `count`, going round and round: who asks often enough sees them all.
    package mutating func inspect(_ count: Int) -> [Int] {
        var found: [Int] = []
        for _ in 0..<min(count, keys.count) {
            if hand >= keys.count { hand = 0 }
            if keys[hand] != nil { found.append(hand) }
            hand += 1
        }
        return found
    }
}
