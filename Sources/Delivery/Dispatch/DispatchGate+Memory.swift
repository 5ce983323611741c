/// What the gate can forget, and what it tells.
extension DispatchGate {
    /// How long an idle destination is remembered, in nanoseconds: after an open breaker's time is over, and while
    /// it is shut.
    package static let idleTime: Int64 = 600_000_000_000
    package static let idleTimeWhileOpen: Int64 = 3_600_000_000_000

    /// Whether nothing would be lost with what is known about this destination.
    /// - Parameter isCrowded: there are too many: any that is idle may go.
    package func isForgettable(_ destination: Int, isCrowded: Bool) -> Bool {
        guard destination < destinations.count else { return true }
        let state = destinations[destination]
        if state.inFlight > 0 || !queues[destination].isEmpty || state.isTimed || state.place != .none { return false }
        let idle = now - state.lastUsed
        // Even then not the one just made.
        if isCrowded { return idle > 1_000_000_000 || state.lastUsed == 0 }
        var isShut = state.closedUntil > now
        switch state.breaker.phase {
        case .closed: break
        case .halfOpen: isShut = true
        // Nobody has asked for a probe since: it says nothing about today any more.
        case .open(let until): isShut = isShut || now - until < Self.idleTime
        }
        return idle > (isShut ? Self.idleTimeWhileOpen : Self.idleTime)
    }

    /// The number may then stand for another destination.
    package mutating func forget(_ destination: Int) {
        guard destination < destinations.count else { return }
        if !destinations[destination].breaker.isClosed { breakersOpen -= 1 }
        crowded.remove(destination)
        destinations[destination] = DestinationState(policy, now: now)
    }

    /// Whether requests to this destination are under way.
    package func isUnderWay(_ destination: Int) -> Bool {
        destination < destinations.count && destinations[destination].inFlight > 0
    }

    /// How a destination stands, for people.
    package struct Standing: Sendable, Equatable {
        package var destination: Int
        package var inFlight: Int
        package var waiting: Int
        package var limit: Int
        package var breaker: CircuitBreaker.Phase
        /// Nanoseconds until its pause is over; 0 for none.
        package var pause: Int64
        /// Parked deliveries whose turn has not come, by estimate.
        package var parked: Int
    }

    /// The destinations that are not as they should be, or busiest, worst first.
    package func standings(limit: Int) -> [Standing] {
        var found: [Standing] = []
        for (number, state) in destinations.enumerated() {
            let pause = max(0, state.closedUntil - now)
            let isShut = !state.breaker.isClosed || pause > 0
            guard isShut || !queues[number].isEmpty || state.inFlight > 0 else { continue }
            found.append(
                Standing(
                    destination: number,
                    inFlight: state.inFlight,
                    waiting: queues[number].count,
                    limit: state.limit.limit,
                    breaker: state.breaker.phase,
                    pause: pause,
                    parked: Int(max(0, state.line - Double(max(0, now - state.lineAt)) / 1e9))
                )
            )
        }
        func rank(_ standing: Standing) -> (Int, Int) {
            (standing.breaker != .closed ? 2 : standing.pause > 0 ? 1 : 0, standing.waiting + standing.inFlight)
        }
        found.sort { rank($0) > rank($1) }
        return Array(found.prefix(limit))
    }
}
