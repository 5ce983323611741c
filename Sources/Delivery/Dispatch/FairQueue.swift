internal import DequeModule

/// Deliveries that wait for one destination: publishers take turns, and within one it is first come, first served.
/// Pure; deliveries are numbers, and a publisher is a hash of its id.
package struct FairQueue: Sendable {
    private struct Line: Sendable {
        var publisher: UInt64
        var deliveries: Deque<Int> = []
    }

    private var lines: [Line] = []
    /// The lines that hold something, by publisher.
    private var numbers: [UInt64: Int] = [:]
    private var free: [Int] = []
    private var round: Deque<Int> = []
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    package mutating func append(_ delivery: Int, of publisher: UInt64) {
        count += 1
        if let line = numbers[publisher] {
            lines[line].deliveries.append(delivery)
            return
        }
        let line: Int
        if let reused = free.popLast() {
            line = reused
            lines[line].publisher = publisher
        } else {
            line = lines.count
            lines.append(Line(publisher: publisher))
        }
        lines[line].deliveries.append(delivery)
        numbers[publisher] = line
        round.append(line)
    }

    /// The next in turn.
    package mutating func popFirst() -> Int? {
        guard let line = round.popFirst(), let delivery = lines[line].deliveries.popFirst() else { return nil }
        count -= 1
        if lines[line].deliveries.isEmpty { release(line) } else { round.append(line) }
        return delivery
    }

    /// How many of this publisher wait.
    package func count(of publisher: UInt64) -> Int {
        numbers[publisher].map { lines[$0].deliveries.count } ?? 0
    }

    /// How many wait of the publisher that has most. Looks at each publisher that waits.
    package var longest: Int { numbers.values.reduce(0) { max($0, lines[$1].deliveries.count) } }

    /// Takes out the youngest delivery of the publisher that has most waiting; of several the one in turn.
    package mutating func removeFromLongest() -> Int? {
        guard let line = round.max(by: { lines[$0].deliveries.count < lines[$1].deliveries.count }),
            let delivery = lines[line].deliveries.popLast()
        else { return nil }
        count -= 1
        if lines[line].deliveries.isEmpty {
            round.removeAll { $0 == line }
            release(line)
        }
        return delivery
    }

    package mutating func removeAll() -> [Int] {
        let all = round.flatMap { lines[$0].deliveries }
        self = FairQueue()
        return all
    }

    private mutating func release(_ line: Int) {
        numbers[lines[line].publisher] = nil
        free.append(line)
    }
}
