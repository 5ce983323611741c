/// A breaker opened or closed.
package struct BreakerEvent: Sendable, Equatable {
    package var destination: Int
    package var change: CircuitBreaker.Change
}

/// What an attempt says about its destination.
package enum AttemptEnding: Sendable, Equatable {
    /// It answered, also when that was a refusal: a 4xx is the route's own fault.
    case answered
    /// It answered that it is in trouble: 5xx.
    case serverError
    /// It answered that it is too much: 429.
    case overloaded
    /// No answer, but a sign of life: a refused connection, a failed handshake, or an answer that is none.
    case refused
    /// Nothing came back: no name, no connection, or broken off.
    case unreachable
    case timedOut
    /// Nothing: a fault of our own, or a request that was not made.
    case silent
}

/// The ends of attempts.
extension DispatchGate {
    /// An attempt is no longer under way.
    /// - Parameters:
    ///   - startedAt: when it began, in monotonic nanoseconds.
    ///   - pause: for how long the destination does not want to be called, in nanoseconds; 0 for nothing said.
    ///   - random: 0 to 1, evenly.
    package mutating func ended(
        _ destination: Int,
        _ ending: AttemptEnding,
        startedAt: Int64,
        pause: Int64 = 0,
        random: Double = 0.5
    ) {
        let wasSuspect = destinations[destination].isSuspect
        let wasFull = destinations[destination].inFlight >= destinations[destination].limit.limit
        noteEnd()
        destinations[destination].inFlight -= 1
        destinations[destination].lastUsed = now
        let latency = max(0, now - startedAt)
        // What was not even sent tells nothing about the pace.
        let isMeasured = ending != .silent || latency > 0
        if isMeasured { destinations[destination].flow.ended(latency: latency, now: now, clock) }
        if wasSuspect {
            suspectsInFlight -= 1
            if isMeasured { suspectFlow.ended(latency: latency, now: now, clock) }
        }
        let wasClosed = destinations[destination].breaker.isClosed
        let change = judge(
            destination,
            ending,
            latency: latency,
            wasFull: wasFull,
            startedAt: startedAt,
            random: random
        )
        suspicion(of: destination, was: wasSuspect)
        if let change { breakerChanged(destination, change, wasClosed: wasClosed) }
        if pause > 0 { close(destination, for: min(pause, DispatchPolicy.retryAfterLimit)) }
        destinations[destination].updateOpenings(now: now)
        if wasSuspect, !destinations[destination].isSuspect { rejoin(destination) } else { enterRound(destination) }
    }

    private mutating func judge(
        _ destination: Int,
        _ ending: AttemptEnding,
        latency: Int64,
        wasFull: Bool,
        startedAt: Int64,
        random: Double
    ) -> CircuitBreaker.Change? {
        let breakerPolicy = policy.breaker
        switch ending {
        case .silent:
            destinations[destination].breaker.abandoned(startedAt: startedAt, now: now)
            return nil
        case .answered:
            destinations[destination].hasAnswered = true
            destinations[destination].silencesInRow = 0
            destinations[destination].limit.answered(latency: latency, wasFull: wasFull, now: now)
            return destinations[destination].breaker.succeeded(startedAt: startedAt, now: now, breakerPolicy)
        case .serverError, .overloaded:
            destinations[destination].hasAnswered = true
            destinations[destination].silencesInRow = 0
        case .refused, .unreachable, .timedOut:
            destinations[destination].silencesInRow += 1
        }
        if ending == .overloaded { destinations[destination].limit.overloaded(now: now) }
        if ending == .timedOut { destinations[destination].limit.timedOut(now: now) }
        return destinations[destination].breaker.failed(
            startedAt: startedAt,
            now: now,
            breakerPolicy,
            random: random
        )
    }

    private mutating func breakerChanged(_ destination: Int, _ change: CircuitBreaker.Change, wasClosed: Bool) {
        changes.append(BreakerEvent(destination: destination, change: change))
        if wasClosed { breakersOpen += 1 }
        if destinations[destination].breaker.isClosed {
            breakersOpen -= 1
            destinations[destination].limit.restart()
        } else {
            displaceAll(from: destination)
        }
    }

    /// The destination asked for a pause; what waits is parked, but for a pause that is hardly one.
    private mutating func close(_ destination: Int, for pause: Int64) {
        destinations[destination].closedUntil = max(destinations[destination].closedUntil, now + pause)
        destinations[destination].limit.restart()
        if pause > 1_000_000_000 { displaceAll(from: destination) }
    }

    /// Keeps the sums over the suspects right.
    private mutating func suspicion(of destination: Int, was wasSuspect: Bool) {
        let isSuspect = destinations[destination].isSuspect
        if isSuspect == wasSuspect { return }
        let sign = isSuspect ? 1 : -1
        if isSuspect, suspectsInFlight == 0 { suspectFlow.becameBusy(now: now) }
        suspectsInFlight += sign * destinations[destination].inFlight
        suspectsWaiting += sign * queues[destination].count
    }

    /// Breakers that opened or closed since the last call.
    package mutating func takeChanges() -> [BreakerEvent] {
        if changes.isEmpty { return [] }
        defer { changes = [] }
        return changes
    }
}
