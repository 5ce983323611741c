internal import DequeModule
internal import HeapModule

/// Which delivery may start now, which waits, and which goes to the ladder meanwhile. Pure: deliveries and destinations
/// are numbers, and time is what `now` was set to (monotonic nanoseconds).
///
/// At most `concurrency` are under way in all, and to one destination as many as its `ConcurrencyLimit`, its rate, its
/// `Retry-After` and its `CircuitBreaker` permit. Destinations take turns, and so do the publishers of one. Those that
/// have not answered yet, or not lately, share half of the concurrency, so that any number of dead ones leaves the rest
/// the other half. What waits for a slow destination while the window runs out is parked (`DispatchGate+Parking`).
///
/// A delivery that may start at once costs a few comparisons, no queue and no allocation.
package struct DispatchGate: Sendable {
    package enum Admission: Sendable, Equatable {
        case start
        /// `next` will name it.
        case wait
        case park(Parking)
    }

    private struct Alarm: Comparable, Sendable {
        var due: Int64
        var destination: Int

        static func < (left: Self, right: Self) -> Bool { left.due < right.due }
    }

    let policy: DispatchPolicy
    var destinations: [DestinationState] = []
    /// What waits for each of them; apart, so that a look at a destination copies no reference.
    var queues: [FairQueue] = []
    private var round: Deque<Int> = []
    /// Suspects whose turn came when their like had all they may have.
    private var blocked: Deque<Int> = []
    private var alarms: Heap<Alarm> = []
    /// Destinations for which more may wait than their share.
    var crowded: Set<Int> = []
    var displaced: Deque<(delivery: Int, parking: Parking)> = []
    var changes: [BreakerEvent] = []
    package private(set) var inFlight = 0
    package internal(set) var waiting = 0
    /// Breakers that are not closed.
    package internal(set) var breakersOpen = 0
    var suspectsInFlight = 0
    var suspectsWaiting = 0
    var suspectFlow = Flow()
    /// At which attempts end, over all destinations.
    var rate = Rate()
    var clock = RateClock()
    var nextRelief: Int64 = 0
    /// Set it in each turn of the loop before anything else is called.
    package var now: Int64 = 0

    package init(_ policy: DispatchPolicy) {
        self.policy = policy
    }

    // MARK: Starting

    /// Whether a delivery may start without any ado; it then counts as under way. Ask `admit` otherwise.
    package mutating func starts(_ destination: Int) -> Bool {
        if destination < destinations.count, round.isEmpty, inFlight < policy.concurrency,
            destinations[destination].inFlight < destinations[destination].openings,
            queues[destination].isEmpty
        {
            started(destination)
            return true
        }
        return false
    }

    /// What a delivery does that may not start without ado.
    /// - Parameters:
    ///   - publisher: a hash of its id.
    ///   - parked: how often this delivery was parked before: the more, the more may wait with it.
    ///   - held: messages the lane holds.
    package mutating func admit(
        _ delivery: Int,
        to destination: Int,
        of publisher: UInt64,
        parked: Int = 0,
        held: Int = 0
    ) -> Admission {
        while destinations.count <= destination {
            destinations.append(DestinationState(policy, now: now))
            queues.append(FairQueue())
        }
        if let parking = parkingWhileShut(destination) { return .park(parking) }
        let isNext =
            round.isEmpty && queues[destination].isEmpty
            && (blocked.isEmpty || !destinations[destination].isSuspect)
        let isProbe = !destinations[destination].breaker.isClosed
        if isNext || isProbe, inFlight < policy.concurrency, mayStart(destination) {
            started(destination)
            return .start
        }
        // Its breaker's time is over, but there is no room for the probe.
        if isProbe { return .park(Parking(.breaker, turn: 1)) }
        if let parking = parkingForRoom(destination, publisher, parked: parked, held: held) { return .park(parking) }
        queues[destination].append(delivery, of: publisher)
        waiting += 1
        if destinations[destination].isSuspect { suspectsWaiting += 1 }
        if queues[destination].count == policy.allowance + 1 { crowded.insert(destination) }
        enterRound(destination)
        return .wait
    }

    /// The next delivery that may start; it then counts as under way. Nil when none may.
    package mutating func next() -> Int? {
        while inFlight < policy.concurrency, let destination = takeTurn() {
            destinations[destination].place = .none
            guard !queues[destination].isEmpty else { continue }
            guard mayStart(destination) else {
                setAlarm(destination)
                continue
            }
            guard let delivery = queues[destination].popFirst() else { continue }
            leftQueue(destination)
            started(destination)
            enterRound(destination)
            return delivery
        }
        return nil
    }

    private mutating func takeTurn() -> Int? {
        let isRoom = suspectsInFlight < policy.suspects
        while isRoom, let turn = blocked.popFirst() {
            // One that has answered meanwhile stands in the round already.
            guard destinations[turn].place == .blocked else { continue }
            destinations[turn].place = .round
            round.append(turn)
            break
        }
        while let turn = round.popFirst() {
            if isRoom || !destinations[turn].isSuspect { return turn }
            destinations[turn].place = .blocked
            blocked.append(turn)
        }
        return nil
    }

    /// The closer look. Takes a token of the rate; makes the next the probe where a breaker's time is over.
    private mutating func mayStart(_ destination: Int) -> Bool {
        if destinations[destination].closedUntil > now { return false }
        let isProbe = !destinations[destination].breaker.isClosed
        let limit = isProbe ? policy.perDestination : destinations[destination].limit.limit
        if destinations[destination].inFlight >= limit { return false }
        if destinations[destination].isSuspect, suspectsInFlight >= policy.suspects { return false }
        if destinations[destination].bucket?.hasToken(now: now) == false { return false }
        guard destinations[destination].breaker.permits(now: now) else { return false }
        destinations[destination].bucket?.take()
        return true
    }

    private mutating func started(_ destination: Int) {
        inFlight += 1
        if destinations[destination].inFlight == 0 {
            destinations[destination].flow.becameBusy(now: now)
            destinations[destination].lastUsed = now
        }
        destinations[destination].inFlight += 1
        if destinations[destination].openings == 0, destinations[destination].isSuspect {
            if suspectsInFlight == 0 { suspectFlow.becameBusy(now: now) }
            suspectsInFlight += 1
        }
    }

    // MARK: Turns

    /// Lines a destination up for its next delivery, where it has one and may start one.
    mutating func enterRound(_ destination: Int) {
        if destinations[destination].place != .none || queues[destination].isEmpty { return }
        if destinations[destination].inFlight >= destinations[destination].limit.limit { return }
        if setAlarm(destination) { return }
        destinations[destination].place = .round
        round.append(destination)
    }

    /// - Returns: true when the destination can only start at a certain time, which is noted.
    @discardableResult
    private mutating func setAlarm(_ destination: Int) -> Bool {
        var due = destinations[destination].closedUntil
        if destinations[destination].bucket?.hasToken(now: now) == false {
            due = max(due, destinations[destination].bucket?.readyAt(now: now) ?? 0)
        }
        if due <= now { return false }
        if !destinations[destination].isTimed {
            destinations[destination].isTimed = true
            alarms.insert(Alarm(due: due, destination: destination))
        }
        return true
    }

    /// Once a turn: lines up what was waiting for its time.
    /// - Parameter held: messages the lane holds.
    package mutating func turn(held: Int) {
        while let alarm = alarms.min, alarm.due <= now {
            _ = alarms.popMin()
            destinations[alarm.destination].isTimed = false
            destinations[alarm.destination].updateOpenings(now: now)
            enterRound(alarm.destination)
        }
        clock.turn(now: now)
        if !crowded.isEmpty || suspectsWaiting > policy.suspectAllowance { relieve(held: held) }
    }

    /// When `turn` is wanted, in monotonic nanoseconds; nil for never.
    package var deadline: Int64? {
        let relief = crowded.isEmpty && suspectsWaiting <= policy.suspectAllowance ? nil : nextRelief
        guard let alarm = alarms.min?.due else { return relief }
        return min(alarm, relief ?? .max)
    }

    mutating func leftQueue(_ destination: Int) {
        waiting -= 1
        if destinations[destination].isSuspect { suspectsWaiting -= 1 }
    }

    /// For `DispatchGate+Endings`.
    mutating func noteEnd() {
        inFlight -= 1
        rate.count(clock)
    }

    /// One that has proved itself no longer waits among those that have not.
    mutating func rejoin(_ destination: Int) {
        guard destinations[destination].place == .blocked else { return enterRound(destination) }
        destinations[destination].place = .round
        round.append(destination)
    }

    /// Everything that waits, which then waits no more.
    package mutating func removeWaiting() -> [Int] {
        var removed = displaced.map(\.delivery)
        displaced = []
        for index in queues.indices where !queues[index].isEmpty {
            removed.append(contentsOf: queues[index].removeAll())
        }
        for index in destinations.indices { destinations[index].place = .none }
        round = []
        blocked = []
        crowded = []
        waiting = 0
        suspectsWaiting = 0
        return removed
    }
}
