import Delivery
import Worker

extension Oracle {
    func sent(_ request: Request, by lane: SimulatedLane, inFlight: Int, toHost: Int) {
        attempts += 1
        let options = world.circumstances.options
        if inFlight > options.dispatch.concurrency { violated("\(inFlight) requests under way at once") }
        if toHost > options.dispatch.perDestination { violated("\(toHost) requests under way to \(request.host)") }
        guard events.indices.contains(request.serial), request.serial > 0 else {
            return violated("a request for nothing: \(request)")
        }
        let event = events[request.serial]
        if !event.may.contains(request.route), !event.must.contains(request.route) {
            violated("a request of \(request.serial) for \(request.route), which it has no business with")
        }
        if request.attempt > world.routeBook.attempts(of: request.route, options.retry) {
            violated("attempt \(request.attempt) of \(request.serial) for \(request.route)")
        }
        if lane.pausedRoutes.contains(Array(request.route.utf8)) { violated("\(request.route) is paused, and sent") }
        checkAttempt(request, event)
        checkTime(request, event, lane)
        checkOrphans(request, event, lane)
        let wall = world.wall
        update(request.serial, request.route) {
            $0.sends += 1
            $0.firstSentAt = $0.firstSentAt ?? wall
        }
        let key = Key(serial: request.serial, route: request.route)
        lanes[lane.number, default: LaneWatch()].underWay.append((key, world.timeline.now))
    }

    /// Attempts are counted through all replicas: each is the one after the last that failed.
    private func checkAttempt(_ request: Request, _ event: Event) {
        let known = delivery(request.serial, request.route)
        if request.attempt > known.failedAttempt + 1 {
            violated(
                "attempt \(request.attempt) of \(request.serial) for \(request.route), and \(known.failedAttempt) failed"
            )
        }
        if event.isExempt || event.excuses + known.excuses > 0 { return }
        if request.attempt <= known.surelyFailedAttempt {
            violated("attempt \(request.attempt) of \(request.serial) for \(request.route) has failed before")
        }
    }

    /// What was under way when the connection broke is taken up again, and what came well is known: neither is sent
    /// again by the lane that sent it. (Where there are several messages of it, only one can be known.)
    private func checkOrphans(_ request: Request, _ event: Event, _ lane: SimulatedLane) {
        let key = Key(serial: request.serial, route: request.route)
        guard let orphan = lanes[lane.number]?.orphans[key], world.timeline.now - orphan.since < .seconds(890),
            event.excuses + delivery(request.serial, request.route).excuses == 1, messages(of: key) == [orphan.message]
        else { return }
        violated("\(request.serial) for \(request.route) is sent again by the lane that has it under way or delivered")
    }

    func taken(_ message: Message, by lane: Int) { lanes[lane, default: LaneWatch()].taken.insert(message.number) }

    /// A lane notices that its consuming connection is gone.
    func connectionLost(_ lane: Int) {
        let taken = lanes[lane]?.taken ?? []
        lanes[lane]?.taken = []
        for (key, _) in lanes[lane]?.underWay ?? [] {
            // Not one that another replica has handed on meanwhile, and this lane never had.
            guard let message = messages(of: key).first(where: taken.contains) else { continue }
            lanes[lane]?.orphans[key] = (message, world.timeline.now)
        }
    }

    /// The messages that a delivery is in now; another replica may have handed it on meanwhile.
    private func messages(of key: Key) -> [Int] {
        events[key.serial].messages.filter { $0.isAlive && ($0.route == nil || $0.route == key.route) }.map(\.number)
    }

    /// The lane is told.
    func ended(_ request: Request, by number: Int, _ ending: Ending) {
        let key = Key(serial: request.serial, route: request.route)
        let now = world.timeline.now
        var lane = lanes[number] ?? LaneWatch()
        var startedAt = now
        if let index = lane.underWay.firstIndex(where: { $0.key == key }) {
            startedAt = lane.underWay.remove(at: index).since
        }
        if ending.isHeard { lane.heard(at: now) }
        if ending != .success { lane.orphans[key] = nil }
        let mayBeOurs = lane.mayBeOurs(startedAt: startedAt, now: now)
        if case .failure(let asked?, closes: true) = ending {
            lane.shutUntil[request.host] = max(
                lane.shutUntil[request.host] ?? 0,
                now + .milliseconds(min(asked, RetryPolicy.retryAfterLimit))
            )
        }
        lanes[number] = lane
        update(request.serial, request.route) { known in
            switch ending {
            case .success: known.told += 1
            case .rejection: known.wasRejected = true
            case .blocked: known.wasBlocked = true
            case .ownFault: break
            case .failure(let asked, _):
                known.failedAttempt = max(known.failedAttempt, request.attempt)
                known.surelyFailedAttempt = max(known.surelyFailedAttempt, request.attempt)
                known.lastAsked = asked.map { min($0, RetryPolicy.retryAfterLimit) }
                known.longestAsked = max(known.longestAsked, known.lastAsked ?? 0)
            case .silence:
                known.failedAttempt = max(known.failedAttempt, request.attempt)
                if !mayBeOurs { known.surelyFailedAttempt = max(known.surelyFailedAttempt, request.attempt) }
                known.lastAsked = nil
            }
        }
    }

    /// There must be a message that it is for, and its time must have come.
    private func checkTime(_ request: Request, _ event: Event, _ lane: SimulatedLane) {
        // What was doubled has several messages, some of them with others or over already.
        if event.isExempt || event.excuses + delivery(request.serial, request.route).excuses > 0 { return }
        let mine = event.messages.filter { $0.isAlive && ($0.route == nil || $0.route == request.route) }
        if mine.contains(where: { $0.notBefore.map { $0 <= lane.latestWall + DelayLadder.tolerance } ?? true }) {
            for message in mine { checkLateness(request, message) }
            return
        }
        violated("attempt \(request.attempt) of \(request.serial) for \(request.route) is early, or for no message")
    }

    /// The ladder may overshoot by a second or 5 %; then the message stands behind what is in the queue, two windows at
    /// most, and in a window. Everything in it is over in that time, or parked, which is a new message with its own time.
    func checkLateness(_ request: Request, _ message: Message) {
        guard let healedAt = world.healedAt, let notBefore = message.notBefore else { return }
        let due = world.timeline.now - .milliseconds(world.wall - notBefore)
        guard due > healedAt + Self.convalescence else { return }
        let ladder = max(.seconds(1), (due - message.madeAt) / 20) + .milliseconds(DeadLetterGrounds.clockError)
        if world.timeline.now - due > ladder + 3 * Self.patience {
            violated("attempt \(request.attempt) of \(request.serial) for \(request.route) is late")
        }
    }

    func received(_ request: Request, accepted: Bool) {
        if accepted { update(request.serial, request.route) { $0.accepted += 1 } }
    }
}
