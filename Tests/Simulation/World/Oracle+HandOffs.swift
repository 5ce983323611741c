import Delivery
import Worker

/// What a lane hands off is judged when it does so: later nobody could say what it knew.
extension Oracle {
    func handedOff(_ message: Message, to queue: String, by lane: SimulatedLane) {
        let parent = world.broker.messages[message.parent]
        guard events.indices.contains(message.serial), message.serial > 0 else {
            return violated("a hand-off of nothing")
        }
        if let fault = fault(message, of: parent, in: queue, by: lane) {
            violated(
                "message \(parent.number) of \(message.serial) for \(message.route ?? "all") goes to \(queue) \(fault)"
            )
        }
    }

    private func fault(_ message: Message, of parent: Message, in queue: String, by lane: SimulatedLane) -> String? {
        if queue == SimulatedBroker.deadLetters { return deadLetterFault(message, of: parent, by: lane) }
        guard let rung = SimulatedBroker.rung(of: queue) else {
            let isAgain = lane.isDraining && message.attempt == parent.attempt && message.notBefore == nil
            return isAgain && queue == SimulatedBroker.conversions ? nil : "again, and nothing asks for that"
        }
        guard let notBefore = message.notBefore else { return "without a time" }
        let remaining = notBefore - lane.wall
        if !WaitPromise.isRight(rung: rung, remaining: remaining) { return "with \(remaining) ms to wait" }
        return waitFault(message, of: parent, remaining, by: lane)
    }

    /// - Parameter wait: milliseconds from now on.
    private func waitFault(_ message: Message, of parent: Message, _ wait: Int64, by lane: SimulatedLane) -> String? {
        let isSameTry = message.attempt == parent.attempt
        if isSameTry, message.parked == parent.parked, message.notBefore == parent.notBefore {
            // On as it came.
            return message.route == parent.route ? nil : "for another route"
        }
        guard let route = message.route, parent.route == nil || parent.route == route else {
            return "for another route"
        }
        if message.parked > 0 {
            return isSameTry ? parkingFault(message, of: parent, wait, route, by: lane) : "parked after an attempt"
        }
        if isSameTry {
            let isDelay = parent.route == nil && message.attempt == 0 && wait == world.routeBook.delay(of: route)
            return isDelay ? nil : "as attempt \(message.attempt), without one"
        }
        let known = delivery(message.serial, route)
        guard message.attempt == parent.attempt + 1, message.attempt <= known.failedAttempt else {
            return "with attempt \(message.attempt) after \(parent.attempt), \(known.failedAttempt) failed"
        }
        guard message.attempt < attemptsAllowed(route) else { return "with all \(message.attempt) attempts made" }
        let range = waits(after: message.attempt)
        let isDoubtful = events[message.serial].excuses + known.excuses > 0
        let least = max(range.lowerBound, isDoubtful ? 0 : known.lastAsked ?? 0)
        if wait < least || wait > max(range.upperBound, known.longestAsked) {
            return "for \(wait) ms, not \(range) or the \(known.lastAsked ?? 0) ms asked for"
        }
        return nil
    }

    private func parkingFault(
        _ message: Message,
        of parent: Message,
        _ wait: Int64,
        _ route: String,
        by lane: SimulatedLane
    ) -> String? {
        guard message.parked == parent.parked + 1 else {
            return "parked \(message.parked) times after \(parent.parked)"
        }
        if message.parkedSince != parent.parkedSince ?? lane.wall { return "as parked since another time" }
        let now = world.timeline.now
        let breaker = world.circumstances.options.dispatch.breaker.maxOpen * 6 / 5
        let pause = world.routeBook.hosts(of: route).reduce(0) { longest, host in
            max(longest, (lanes[lane.number]?.shutUntil[host] ?? 0) - now)
        }
        let longest = WaitPromise.longestParking(times: parent.parked, shut: max(breaker, pause) / 1_000_000 + 1)
        return wait <= longest ? nil : "parked for \(wait) ms, at most \(longest)"
    }

    private func waits(after attempt: Int) -> ClosedRange<Int64> {
        let policy = world.circumstances.options.retry
        return WaitPromise.range(
            after: attempt,
            first: policy.firstDelay,
            factor: policy.factor,
            longest: policy.maxDelay,
            jitter: policy.jitter
        )
    }

    func attemptsAllowed(_ route: String) -> Int {
        world.routeBook.attempts(of: route, world.circumstances.options.retry)
    }

    private func deadLetterFault(_ message: Message, of parent: Message, by lane: SimulatedLane) -> String? {
        let event = events[message.serial]
        let route = message.route ?? ""
        let known = delivery(message.serial, route)
        var grounds = DeadLetterGrounds()
        grounds.hasRoute = message.route != nil
        grounds.attempt = message.attempt
        grounds.attemptsAllowed = attemptsAllowed(route)
        grounds.failedAttempt = known.failedAttempt
        grounds.wasRejected = known.wasRejected
        grounds.wasBlocked = known.wasBlocked
        grounds.lacksToken = world.routeBook.lacksToken(route, event.body)
        grounds.isNoEvent = event.expected > 0
        grounds.mayBeRemoved = event.may.contains(route)
        grounds.wasPaused = lane.everPaused.contains(Array(route.utf8))
        grounds.returns = parent.returns
        grounds.canLoseMessages = world.circumstances.faults.contains(where: \.losesMessages)
        grounds.hasLivedOn = world.circumstances.hasOneProcess
        grounds.now = lane.wall
        grounds.firstAttempt = known.firstSentAt
        grounds.parkedSince = parent.parkedSince
        grounds.maxAge = world.circumstances.options.retry.maxAge
        grounds.longestWait = max(waits(after: max(1, message.attempt)).upperBound, known.longestAsked)
        return grounds.fault(of: message.reason)
    }
}
