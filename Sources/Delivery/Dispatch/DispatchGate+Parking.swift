internal import DequeModule

/// What is not to wait in memory: so that no destination holds the window.
extension DispatchGate {
    /// For a destination whose breaker is open, or that asked for a pause.
    mutating func parkingWhileShut(_ destination: Int) -> Parking? {
        switch destinations[destination].breaker.phase {
        case .closed:
            break
        case .open(let until) where until <= now:
            break
        case .open(let until):
            return parking(.breaker, destination, shutUntil: max(until, destinations[destination].closedUntil))
        case .halfOpen:
            // The probe's answer is due soon; it decides.
            return parking(.breaker, destination, shutUntil: max(now, destinations[destination].closedUntil))
        }
        let until = destinations[destination].closedUntil
        // A short pause is waited for here, by not too many.
        if until <= now { return nil }
        if until - now <= 1_000_000_000, queues[destination].count < policy.allowance { return nil }
        return parking(.retryAfter, destination, shutUntil: until)
    }

    /// Behind those that were parked for it already, from when it opens on.
    private mutating func parking(_ cause: ParkingCause, _ destination: Int, shutUntil until: Int64) -> Parking {
        let mean = Double(destinations[destination].limit.meanLatency)
        // At half the pace that it can do: the others come as well.
        let drain = max(1, Double(policy.perDestination) / max(mean, 1e7) * 1e9 / 2)
        let turn = destinations[destination].joinLine(drain: min(drain, 1000), from: max(until, now))
        let shut = Double(max(0, until - now)) / 1e9
        return Parking(cause, shut: shut, turn: turn, line: Int(destinations[destination].line))
    }

    /// For a delivery that cannot start, when others need the room in which it would wait. Nil when it may wait.
    mutating func parkingForRoom(_ destination: Int, _ publisher: UInt64, parked: Int, held: Int) -> Parking? {
        if held < policy.pressure { return nil }
        let isSuspect = destinations[destination].isSuspect
        // Who was parked before finds more room: newcomers cannot keep him out for ever.
        let bonus = 4 + min(max(parked, 0), 4)
        let count = queues[destination].count
        if count >= policy.allowance * bonus / 4, isSlow(destination, held: held) {
            // A publisher with less than his share of the queue takes the place of one with more.
            if queues[destination].count(of: publisher) + 1 < queues[destination].longest {
                displaceOne(from: destination)
                return nil
            }
            return parkingForTurn(.hostLimit, destination)
        }
        if isSuspect, suspectsWaiting >= policy.suspectAllowance * bonus / 4, areSuspectsSlow(held: held) {
            return parkingForTurn(.concurrency, destination)
        }
        return nil
    }

    private mutating func parkingForTurn(_ cause: ParkingCause, _ destination: Int) -> Parking {
        let time = max(time(of: destination), 1e6)
        var drain = Double(destinations[destination].limit.limit) / time * 1e9
        if policy.rate > 0 { drain = min(drain, policy.rate) }
        let turn = destinations[destination].joinLine(drain: max(drain, 0.01), from: now)
        return Parking(cause, turn: turn, line: Int(destinations[destination].line))
    }

    // MARK: Who is slow

    /// Whether the messages for this destination stay so long that others lack the room.
    ///
    /// By Little's law the time in the worker is what is held over the rate at which it goes. Alone in the window a
    /// destination may take its time, as long as that is short enough for whatever may stand behind it unseen; beside
    /// others, four times theirs. So one healthy destination with all of the traffic is never parked, and a few
    /// equally fast ones neither.
    private mutating func isSlow(_ destination: Int, held: Int) -> Bool {
        let own = destinations[destination].inFlight + queues[destination].count
        var possible = Double(destinations[destination].limit.limit) / max(time(of: destination), 1) * 1e9
        if policy.rate > 0 { possible = min(possible, policy.rate) }
        let ownRate = destinations[destination].flow.rate.value(clock)
        return isTooLong(Double(own) / possible * 1e9, own: own, ownRate: ownRate, held: held)
    }

    private func time(of destination: Int) -> Double {
        destinations[destination].flow.time(now: now, isBusy: destinations[destination].inFlight > 0)
    }

    private mutating func areSuspectsSlow(held: Int) -> Bool {
        let own = suspectsInFlight + suspectsWaiting
        let time = suspectFlow.time(now: now, isBusy: suspectsInFlight > 0)
        let stay = Double(own) / Double(policy.suspects) * time
        let ownRate = suspectFlow.rate.value(clock)
        return isTooLong(stay, own: own, ownRate: ownRate, held: held)
    }

    private mutating func isTooLong(_ stay: Double, own: Int, ownRate: Double, held: Int) -> Bool {
        if stay > Double(DispatchPolicy.patience) { return true }
        if stay <= Double(DispatchPolicy.leastPatience) { return false }
        let total = rate.value(clock)
        let others = total - ownRate
        // Nobody else to speak of.
        if others <= total / 20 { return false }
        let theirs = Double(max(0, held - own)) / others * 1e9
        return stay > DispatchPolicy.patienceRatio * theirs
    }

    // MARK: Displacing

    /// Parks what waits beyond the share of slow destinations: they may have taken the window before it showed.
    mutating func relieve(held: Int) {
        if now < nextRelief { return }
        nextRelief = now + 50_000_000
        var excess = held - policy.pressure
        // In their order, so that the same run takes the same way again.
        for destination in crowded.sorted() {
            if queues[destination].count <= policy.allowance {
                crowded.remove(destination)
                continue
            }
            if excess < 0 || !isSlow(destination, held: held) { continue }
            while queues[destination].count > policy.allowance {
                displaceOne(from: destination)
                excess -= 1
            }
        }
        if excess >= 0, suspectsWaiting > policy.suspectAllowance, areSuspectsSlow(held: held) { relieveOfSuspects() }
    }

    /// One each of the suspects in turn, from the last on.
    private mutating func relieveOfSuspects() {
        for destination in destinations.indices.reversed() where suspectsWaiting > policy.suspectAllowance {
            guard destinations[destination].isSuspect else { continue }
            while suspectsWaiting > policy.suspectAllowance, !queues[destination].isEmpty {
                displaceOne(from: destination)
            }
        }
    }

    private mutating func displaceOne(from destination: Int) {
        guard let delivery = queues[destination].removeFromLongest() else { return }
        leftQueue(destination)
        displaced.append((delivery, parkingForTurn(.hostLimit, destination)))
    }

    mutating func displaceAll(from destination: Int) {
        for delivery in queues[destination].removeAll() {
            leftQueue(destination)
            let parking = parkingWhileShut(destination) ?? Parking(.breaker, turn: 1)
            displaced.append((delivery, parking))
        }
    }

    /// A delivery that waited and is to be parked instead.
    package mutating func nextDisplaced() -> (delivery: Int, parking: Parking)? { displaced.popFirst() }
}
