internal import DequeModule

/// How many messages a lane asks its queue for, and which of those that came may start: what `Suspicion` wants. Pure.
///
/// What a crashed worker held stands at the head of the queue. So every connection begins with one message alone, and
/// its count tells whether to open the whole window. One message of the highest suspicion alone in a process takes that
/// no other lane of it does the same: the turn, which is asked for before anything is consumed.
package struct SuspectIntake: Sendable {
    package enum Step: Sendable, Equatable {
        case keep
        /// Ask the broker for so many at a time from now on.
        case consume(Int)
        /// Ask for none until the turn was taken, and try to take it.
        case awaitTurn
    }

    /// What the broker is asked for when all is as usual.
    private let prefetch: Int
    /// The width of an open intake. A prefetch of one has two widths as well: the only one of its lane is not the only
    /// one of its process, and takes the turn to be that.
    private let open: Int
    /// What the consumer asks for now; 0 for nothing.
    private var width = 0
    private var wanted = 1
    private var hasTurn = false
    private var lastNews: Int64 = 0
    /// Suspicious messages under way, by their count.
    private var started = [Int](repeating: 0, count: Suspicion.poison)
    private var held: Deque<(slot: Int, returns: Int)> = []

    /// Nothing more came for so long: the head of the queue is not suspicious. In nanoseconds.
    package static let quiet: Int64 = 250_000_000
    /// How often the turn is asked for, in nanoseconds.
    package static let pause: Int64 = 50_000_000

    package init(prefetch: Int) {
        self.prefetch = prefetch
        open = max(prefetch, 2)
    }

    /// A new connection. What the old one brought is the broker's again.
    /// - Parameter hasTurn: whether it consumes already, one at a time.
    package mutating func connected(hasTurn: Bool, now: Int64) {
        width = hasTurn ? 1 : 0
        wanted = 1
        self.hasTurn = hasTurn
        lastNews = now
        for index in started.indices { started[index] = 0 }
        held.removeAll()
    }

    /// True when all is as usual, and nothing need be asked of this before the next suspicious message.
    package var isOpen: Bool { width == open && wanted == open && !hasTurn && held.isEmpty }

    /// A message came that is not held back otherwise; `keep` of the suspicious ones that may not start.
    /// - Returns: true when it may start.
    package mutating func arrived(_ slot: Int, returns: Int, now: Int64) -> Bool {
        lastNews = now
        let allowed = Suspicion.width(returns: returns, prefetch: open)
        if allowed < wanted || allowed > wanted && held.isEmpty && narrowest > wanted { wanted = allowed }
        if !Suspicion.isSuspect(returns: returns) { return true }
        if mayStart(returns) {
            begin(returns)
            return true
        }
        held.append((slot, returns))
        return false
    }

    /// A suspicious message that was started is settled.
    package mutating func settled(returns: Int, now: Int64) {
        lastNews = now
        let level = min(returns, Suspicion.poison - 1)
        if started[level] > 0 { started[level] -= 1 }
    }

    /// The next message held that may start now, counted as started.
    package mutating func nextHeld() -> Int? {
        guard let first = held.first, mayStart(first.returns) else { return nil }
        held.removeFirst()
        begin(first.returns)
        return first.slot
    }

    /// All that is held: it goes back.
    package mutating func takeHeld() -> [Int] {
        defer { held.removeAll() }
        return held.map(\.slot)
    }

    /// What to do next. Call again with the answer when it was `awaitTurn`.
    package mutating func step(now: Int64) -> Step {
        if wanted < open, isEmpty, width > 0, now - lastNews >= Self.quiet { wanted = open }
        if wanted == 1, !hasTurn {
            width = 0
            return .awaitTurn
        }
        // Another consumer is given messages besides those in hand: not beside one that must be alone.
        if wanted == width || wanted == 1 && !isEmpty { return .keep }
        let asked = min(width, prefetch)
        width = wanted
        return min(wanted, prefetch) == asked ? .keep : .consume(min(wanted, prefetch))
    }

    package mutating func tookTurn() { hasTurn = true }

    /// The connection is gone, or nothing more is to be consumed.
    /// - Returns: true when the turn was held, which is free for others now.
    package mutating func ended() -> Bool {
        defer { hasTurn = false }
        return hasTurn
    }

    /// - Returns: true when the turn is free for others now.
    package mutating func givesUpTurn() -> Bool {
        guard hasTurn, wanted > 1, narrowest > 1, !held.contains(where: { $0.returns >= Suspicion.alone }) else {
            return false
        }
        hasTurn = false
        return true
    }

    /// Nanoseconds at which `step` is due; nil when only an event can change anything.
    package func deadline(now: Int64) -> Int64? {
        if isOpen { return nil }
        if wanted == 1, !hasTurn { return now + Self.pause }
        if !isEmpty { return nil }
        if wanted == 1, width == 0 { return now }
        return wanted < open ? lastNews + Self.quiet : nil
    }

    private var count: Int { started.reduce(0, +) }
    /// No suspicious message is in hand.
    private var isEmpty: Bool { count == 0 && held.isEmpty }

    /// How many the most suspicious message under way lets in; all when there is none.
    private var narrowest: Int {
        started.lastIndex { $0 > 0 }.map { Suspicion.width(returns: $0, prefetch: open) } ?? open
    }

    private func mayStart(_ returns: Int) -> Bool {
        let allowed = min(Suspicion.width(returns: returns, prefetch: open), narrowest)
        return count < allowed && (allowed > 1 || hasTurn)
    }

    private mutating func begin(_ returns: Int) { started[min(returns, Suspicion.poison - 1)] += 1 }
}
