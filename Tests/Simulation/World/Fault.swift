import Delivery

/// What goes wrong.
enum Fault: CaseIterable {
    case killed, terminated, frozen, cutOff, clockJump
    case consumerCut, publisherCut, stalled
    case brokerRestart, alarm, consumerCancelled, acknowledgementTimeout, queueDeleted
    case moods, routesReloaded, routePaused

    /// Whether messages that a lane holds go back to their queue by it.
    var losesMessages: Bool {
        switch self {
        case .killed, .terminated, .cutOff, .consumerCut, .brokerRestart, .consumerCancelled, .acknowledgementTimeout,
            .queueDeleted:
            true
        case .frozen, .clockJump, .publisherCut, .stalled, .alarm, .moods, .routesReloaded, .routePaused: false
        }
    }
}

extension World {
    /// The next fault, and so on for as long as there are any.
    func scheduleFault() {
        guard !circumstances.faults.isEmpty else { return }
        timeline.after(dice.length(circumstances.quiet / 8...circumstances.quiet * 2)) { [self] in
            guard circumstances.areFaultsOn else { return }
            commit(dice.pick(circumstances.faults))
            scheduleFault()
        }
    }

    /// Where connections hardly last: the next cut, and so on.
    func scheduleCut() {
        guard circumstances.isRestless else { return }
        timeline.after(dice.length(.milliseconds(100) ... .seconds(1))) { [self] in
            guard circumstances.areFaultsOn else { return }
            for lane in lanes { cutConsumer(of: lane, isNoticed: true) }
            scheduleCut()
        }
    }

    private func commit(_ fault: Fault) {
        trace.note("fault", detail: "\(fault)")
        faultCount += 1
        let worker = dice.pick(workers)
        switch fault {
        case .killed: worker.kill()
        case .terminated: worker.terminate()
        case .frozen:
            worker.frozenUntil = max(worker.frozenUntil, timeline.now + dice.length(.milliseconds(5) ... .seconds(20)))
        case .cutOff:
            worker.isCutOff = true
            for lane in worker.lanes {
                cutConsumer(of: lane)
                cutPublisher(of: lane)
            }
            timeline.after(dice.length(.milliseconds(100) ... .seconds(60))) { worker.isCutOff = false }
        case .clockJump: worker.clockError = Int64(dice.number(-3000...3000))
        case .consumerCut: cutConsumer(of: dice.pick(lanes))
        case .publisherCut: cutPublisher(of: dice.pick(lanes))
        case .stalled:
            let end = timeline.now + dice.length(.milliseconds(5) ... .seconds(30))
            let lane = dice.pick(lanes)
            if dice.chance(0.5) { lane.channel?.stall(until: end) } else { lane.publisher?.link?.stall(until: end) }
        case .brokerRestart: restartBroker()
        case .alarm:
            broker.setAlarm(true)
            timeline.after(dice.length(.milliseconds(100) ... .seconds(30))) { [self] in broker.setAlarm(false) }
        case .consumerCancelled:
            dice.pick(lanes).channel?.lostQueue()
        case .acknowledgementTimeout:
            // Whoever set a short one, or an alarm of half an hour.
            let late = broker.channels.filter { !$0.unacknowledged.isEmpty }
            if !late.isEmpty { broker.timeOut(dice.pick(late)) }
        case .queueDeleted:
            // Of the ladder the lower rungs, which are used.
            broker.delete(dice.pick(Array(broker.names.prefix(9))))
            timeline.after(dice.length(.milliseconds(10) ... .seconds(20))) { [self] in broker.declareAll() }
        case .moods:
            destinations.setMood(dice.number(0...Destinations.hosts.count - 1), dice.pick(Mood.allCases))
        case .routesReloaded: reloadRoutes()
        case .routePaused:
            let route = dice.pick(RouteBook.routes)
            tellPauses(PauseRecord(dice.chance(0.5) ? .paused : .resumed, route: route, at: wall))
        }
    }

    /// At some frame, in each direction at its own; each end notices it in its own time.
    /// - Parameter isNoticed: at once.
    private func cutConsumer(of lane: SimulatedLane, isNoticed: Bool = false) {
        guard let channel = lane.channel else { return }
        trace.note("consumer cut", lane.number)
        let broken = (up: cutTime(), down: cutTime())
        channel.cut(up: broken.up, down: broken.down)
        let late = (up: isNoticed ? 0 : noticeTime(), down: isNoticed ? 0 : noticeTime())
        timeline.at(broken.up + late.up) { [self] in broker.close(channel) }
        timeline.at(broken.down + late.down) { channel.noticeBreak() }
    }

    private func cutPublisher(of lane: SimulatedLane) {
        guard let publisher = lane.publisher, let link = publisher.link else { return }
        trace.note("publisher cut", lane.number)
        let broken = (up: cutTime(), down: cutTime())
        link.cut(up: broken.up, down: broken.down)
        timeline.at(broken.down + noticeTime()) { publisher.connectionLost(link) }
    }

    private func cutTime() -> Int64 { timeline.now + dice.length(1 ... .milliseconds(20)) }

    private func noticeTime() -> Int64 {
        dice.chance(0.7)
            ? dice.length(.microseconds(50) ... .milliseconds(20)) : dice.length(.milliseconds(20) ... .seconds(90))
    }

    private func restartBroker() {
        guard broker.isUp else { return }
        trace.note("broker down")
        broker.isUp = false
        for channel in broker.channels {
            channel.cut(up: timeline.now, down: cutTime())
            broker.close(channel)
            timeline.after(dice.length(.milliseconds(1) ... .milliseconds(100))) { channel.noticeBreak() }
        }
        for lane in lanes {
            guard let publisher = lane.publisher, let link = publisher.link else { continue }
            link.cut(up: timeline.now, down: cutTime())
            timeline.after(dice.length(.milliseconds(1) ... .milliseconds(100))) { publisher.connectionLost(link) }
        }
        timeline.after(dice.length(.milliseconds(200) ... .seconds(30))) { [self] in
            trace.note("broker up")
            broker.isUp = true
            broker.dispatch()
        }
    }
}
