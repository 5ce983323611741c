internal import DequeModule

/// Which delivery may start now: at most `concurrency` under way in all and `perDestination` to one destination, in
/// turn between destinations and first come first served within one. Pure; deliveries and destinations are numbers.
///
/// A delivery that may start at once costs two comparisons and no queue.
package struct DispatchGate: Sendable {
    private struct Destination: Sendable {
        var inFlight = 0
        var waiting: Deque<Int> = []
        /// In the round of those that may start one.
        var isInRound = false
    }

    private let concurrency: Int
    private let perDestination: Int
    private var destinations: [Destination] = []
    private var round: Deque<Int> = []
    package private(set) var inFlight = 0
    package private(set) var waiting = 0

    package init(concurrency: Int, perDestination: Int) {
        self.concurrency = concurrency
        self.perDestination = perDestination
    }

    /// A delivery wants to start.
    /// - Returns: true when it may now; it then counts as under way. Otherwise `next` will name it.
    package mutating func admit(_ delivery: Int, to destination: Int) -> Bool {
        while destinations.count <= destination { destinations.append(Destination()) }
        if round.isEmpty, inFlight < concurrency, destinations[destination].inFlight < perDestination,
            destinations[destination].waiting.isEmpty
        {
            inFlight += 1
            destinations[destination].inFlight += 1
            return true
        }
        destinations[destination].waiting.append(delivery)
        waiting += 1
        enterRound(destination)
        return false
    }

    /// A delivery to this destination is no longer under way.
    package mutating func ended(_ destination: Int) {
        inFlight -= 1
        destinations[destination].inFlight -= 1
        enterRound(destination)
    }

    /// The next delivery that may start; it then counts as under way. Nil when none may.
    package mutating func next() -> Int? {
        guard inFlight < concurrency, let destination = round.popFirst() else { return nil }
        destinations[destination].isInRound = false
        guard let delivery = destinations[destination].waiting.popFirst() else { return nil }
        waiting -= 1
        inFlight += 1
        destinations[destination].inFlight += 1
        enterRound(destination)
        return delivery
    }

    /// Everything that waits, which then waits no more.
    package mutating func removeWaiting() -> [Int] {
        var removed: [Int] = []
        for index in destinations.indices where !destinations[index].waiting.isEmpty {
            removed.append(contentsOf: destinations[index].waiting)
            destinations[index].waiting = []
            destinations[index].isInRound = false
        }
        round = []
        waiting = 0
        return removed
    }

    private mutating func enterRound(_ destination: Int) {
        let state = destinations[destination]
        if !state.isInRound, !state.waiting.isEmpty, state.inFlight < perDestination {
            destinations[destination].isInRound = true
            round.append(destination)
        }
    }
}
