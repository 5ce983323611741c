/// How many messages a lane asks its queue for, and which of those that came may start: what `Suspicion` wants. Pure.
///
/// What a crashed worker held stands at the head of the queue. So every connection begins with one message alone, and
/// its count tells whether to open the whole window: nothing else does. A queue that brings nothing may be empty, or
/// the broker may be slow, or yet to notice that a worker is dead. One message of the highest suspicion alone in a
/// process takes that no other lane of it does the same: the turn, which is asked for before anything is consumed.
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
    /// Those that wait, by their count, and how many they are.
    private var held = [[Int]](repeating: [], count: Suspicion.poison)
    private var heldCount = 0
    /// Nobody looks into these any more, but the broker counts them as ours: they wait to be in another queue.
    private var aside = 0
    private var chance: UInt64

    /// How often the turn is asked for, in nanoseconds: the longer in vain, the less often.
    package static let pause: ClosedRange<Int64> = 50_000_000...250_000_000
    /// How long one that waits for its first message keeps the turn from a lane that has some waiting for it.
    package static let courtesy: Int64 = 250_000_000

    /// - Parameter seed: another one in each process.
    package init(prefetch: Int, seed: UInt64) {
        self.prefetch = prefetch
        open = max(prefetch, 2)
        chance = seed
    }

    /// A new connection. What the old one brought is the broker's again.
    /// - Parameter hasTurn: whether it consumes already, one at a time.
    package mutating func connected(hasTurn: Bool, now: Int64) {
        width = hasTurn ? 1 : 0
        wanted = 1
        self.hasTurn = hasTurn
        lastNews = now
        aside = 0
        for index in started.indices { started[index] = 0 }
        _ = takeHeld()
    }

    /// True when all is as usual, and nothing need be asked of this before the next suspicious message.
    package var isOpen: Bool { width == open && wanted == open && !hasTurn && heldCount == 0 }

    /// A message came that is not held back otherwise; `keep` of the suspicious ones that may not start.
    /// - Returns: true when it may start.
    package mutating func arrived(_ slot: Int, returns: Int, now: Int64) -> Bool {
        lastNews = now
        let allowed = Suspicion.width(returns: returns, prefetch: open)
        if allowed < wanted {
            wanted = allowed
        } else if heldCount == 0 {
            wanted = max(wanted, min(allowed, narrowest))
        }
        if !Suspicion.isSuspect(returns: returns) { return true }
        if mayStart(returns) {
            begin(returns)
            return true
        }
        held[min(returns, Suspicion.poison - 1)].append(slot)
        heldCount += 1
        return false
    }

    /// A suspicious message that was started is settled.
    package mutating func settled(returns: Int, now: Int64) {
        lastNews = now
        let level = min(returns, Suspicion.poison - 1)
        if started[level] > 0 { started[level] -= 1 }
    }

    /// A suspicious message that was started is only to be published elsewhere: it cannot kill any more by being looked
    /// into, and what waits for it to be alone need not wait for the other queue.
    package mutating func setAside(returns: Int, now: Int64) {
        settled(returns: returns, now: now)
        condemned()
    }

    /// A message came that is poison: nobody looks into it, but it is all that a consumer of one asked for.
    package mutating func condemned() {
        aside += 1
        // Instead of it another, by a consumer that it does not count for.
        if wanted == 1, hasRoom { width = 0 }
    }

    /// One of those is settled.
    package mutating func settledAside() { if aside > 0 { aside -= 1 } }

    /// The next message held that may start now, counted as started: the least suspicious, since what kills is among
    /// those with the highest count; of equals any, since whoever stands behind it must not do so in each process.
    package mutating func nextHeld() -> Int? {
        guard heldCount > 0, let level = held.firstIndex(where: { !$0.isEmpty }), mayStart(level) else { return nil }
        heldCount -= 1
        begin(level)
        chance = chance &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let last = held[level].count - 1
        held[level].swapAt(Int((chance >> 33) % UInt64(last + 1)), last)
        return held[level].removeLast()
    }

    /// All that is held: it goes back.
    package mutating func takeHeld() -> [Int] {
        defer {
            for index in held.indices { held[index].removeAll() }
            heldCount = 0
        }
        return held.flatMap { $0 }
    }

    /// What to do next. Call again with the answer when it was `awaitTurn`.
    package mutating func step(now: Int64) -> Step {
        // A wide consumer goes on bringing messages beside one that must be alone.
        if wanted == 1, !hasTurn || width > 1 {
            width = 0
            return .awaitTurn
        }
        // Another consumer is given messages besides those in hand: not beside one that must be alone.
        if wanted == width || wanted == 1 && !(isEmpty && hasRoom) { return .keep }
        let asked = min(width, prefetch)
        width = wanted
        return min(wanted, prefetch) == asked ? .keep : .consume(min(wanted, prefetch))
    }

    package mutating func tookTurn() { hasTurn = true }

    /// The connection is gone, or nothing more is to be consumed: the turn is free for others.
    package mutating func ended() { hasTurn = false }

    /// - Parameter isAskedFor: another lane has messages that wait for the turn.
    /// - Returns: true when the turn is free for others now.
    package mutating func givesUpTurn(isAskedFor: Bool, now: Int64) -> Bool {
        let isIdle = isAskedFor && isEmpty && now - lastNews >= Self.courtesy
        let isWide = wanted > 1 && narrowest > 1 && held[Suspicion.alone...].allSatisfy(\.isEmpty)
        guard hasTurn, isIdle || isWide else { return false }
        hasTurn = false
        return true
    }

    /// Something in hand waits for the turn, not only something to come.
    package var needsTurn: Bool { wanted == 1 && !hasTurn && heldCount > 0 }

    /// Nanoseconds at which `step` is due; nil when only an event can change anything.
    package func deadline(now: Int64) -> Int64? {
        if isOpen { return nil }
        if wanted == 1, !hasTurn {
            return now + min(max((now - lastNews) / 8, Self.pause.lowerBound), Self.pause.upperBound)
        }
        return wanted == 1 && width == 0 && isEmpty && hasRoom ? now : nil
    }

    private var count: Int { started.reduce(0, +) }
    /// No suspicious message is in hand that could kill.
    private var isEmpty: Bool { count == 0 && heldCount == 0 }

    private var hasRoom: Bool { aside < prefetch }

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
