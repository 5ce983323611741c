import Conversion
import Delivery
import HTTPTransport
import Logging
import Routing
import Synchronization
import Telemetry

/// The lane's side of the gate: what goes through it, what it parks, and what it forgets.
extension Lane {
    /// The delivery starts, waits for its turn, or goes to the ladder until its turn may come.
    func admit(_ task: DeliveryTask) {
        if gate.starts(task.destination) {
            begin(task)
            return
        }
        let admission = gate.admit(
            task.slot,
            to: task.destination,
            of: publisherHash(messages[task.message]),
            parked: task.parked,
            held: ledger.count
        )
        switch admission {
        case .start: begin(task)
        case .wait: break
        case .park(let parking): park(task, parking)
        }
    }

    /// Starts what the gate lets through, and parks what it does not let wait.
    func startWaiting() {
        while let slot = gate.next() { begin(tasks[slot]) }
        while let displaced = gate.nextDisplaced() { park(tasks[displaced.delivery], displaced.parking) }
        for event in gate.takeChanges() { report(event) }
    }

    private func publisherHash(_ message: InboundMessage) -> UInt64 {
        guard let range = message.event.range(of: .publisherID) else { return 0 }
        let storage = message.event.storage
        return StableHash.of(storage.span.extracting(range.indices))
    }

    /// To the ladder with its attempt unspent; to the dead letters when it has waited for too long.
    func park(_ task: DeliveryTask, _ parking: Parking) {
        if dropOrphan(task) { return }
        let since = task.parkedSince ?? wallNow
        let limit = policy(of: task).maxAge
        if wallNow - since > limit {
            let host = task.postback?.destination.origin ?? "the destination"
            task.lastError =
                "\(parking.cause.explanation(host)) for \(limit / 1000) s; last: \(task.lastError ?? "not tried")"
            deadLetter(task, .expired, url: nil)
            return
        }
        task.state.notBefore = wallNow + parking.delay(parked: task.parked, random: random.fraction())
        task.parked += 1
        task.parkedSince = since
        metrics.park(.init(parking.cause))
        metrics.delivery(.parked)
        let message = messages[task.message]
        message.wasParked = true
        let rung = DelayLadder.rung(remaining: (task.state.notBefore ?? wallNow) - wallNow) ?? DelayLadder.rungs[0]
        handOff(task, handOffs.retry(task, of: message, rung: rung))
    }

    // MARK: Attempts

    /// Tells the gate how an attempt ended, and who was at fault.
    /// - Returns: the result, turned into a fault of our own where nobody at all answers.
    func attemptLeftGate(_ task: DeliveryTask, _ result: AttemptResult, wasRedirected: Bool) -> AttemptResult {
        var result = result
        var ending = wasRedirected ? AttemptEnding.answered : AttemptEnding(result)
        switch ending {
        case .answered, .serverError, .overloaded, .refused:
            network.answered(task.destination, now: now)
        case .unreachable, .timedOut:
            let isOurs = network.isOurs(task.destination, startedAt: task.startedAtTick, now: now) {
                gate.isUnderWay($0)
            }
            if isOurs, case .failed(_, let description) = result.outcome {
                ending = .silent
                let reason =
                    "nobody answers at present, so the network of this machine is taken to be down: \(description)"
                result.outcome = .failed(.local, description: reason)
            }
        case .silent:
            break
        }
        var pause: Int64 = 0
        if !wasRedirected, [429, 503].contains(result.status) {
            pause = result.retryAfter.flatMap { RetryAfter.delay($0, now: wallNow) } ?? 0
        }
        gate.ended(
            task.destination,
            ending,
            startedAt: task.startedAtTick,
            pause: min(pause, RetryPolicy.retryAfterLimit) * 1_000_000,
            random: random.fraction()
        )
        return result
    }

    private func report(_ event: BreakerEvent) {
        let host = originNumbers.key(of: event.destination)?.origin ?? ""
        switch event.change {
        case .opened(let length, let again):
            let seconds = String(Double(length / 100_000_000) / 10)
            let metadata: Logger.Metadata = [LogKey.host: "\(host)", LogKey.nextAttemptIn: "\(seconds)"]
            if again || !breakerReports.take(now: now) {
                logger.debug("the breaker of a destination opened", metadata: metadata)
            } else {
                logger.notice(
                    "the breaker of a destination opened: what is for it waits on the ladder",
                    metadata: metadata
                )
            }
        case .closed(let length):
            let metadata: Logger.Metadata = [LogKey.host: "\(host)", LogKey.durationMS: "\(length / 1_000_000)"]
            if breakerReports.take(now: now) {
                logger.info("the breaker of a destination closed", metadata: metadata)
            } else {
                logger.debug("the breaker of a destination closed", metadata: metadata)
            }
        }
    }

    // MARK: Memory

    /// The lane's number of a postback's destination, through an array in all but the first use of each.
    func originNumber(of postback: Postback) throws(TransferFailure) -> Int {
        let index = postback.destinationIndex
        let isCurrent = index < snapshotOrigins.count && postback.isOf(routes)
        if isCurrent, snapshotOrigins[index] >= 0 { return snapshotOrigins[index] }
        let destination = postback.destination
        let number: Int
        if let known = originNumbers.number(of: destination) {
            number = known
        } else {
            let origin = try transport.origin(
                isTLS: destination.scheme == .https,
                host: destination.host,
                port: destination.port
            )
            if originNumbers.isCrowded { forgetIdleDestinations(among: 16) }
            number = originNumbers.add(destination)
            if number == origins.count {
                origins.append(origin)
                snapshotIndices.append(-1)
            } else {
                origins[number] = origin
            }
        }
        if isCurrent {
            snapshotOrigins[index] = number
            snapshotIndices[number] = index
        }
        return number
    }

    /// Once a second: a part of the destinations, so that idle ones go within minutes however many there are.
    func tidy() {
        guard now - lastTidy >= 1_000_000_000 else { return }
        lastTidy = now
        forgetIdleDestinations(among: 256)
        transport.forgetIdle()
        orphans.forgetOld(now: now)
        status.destinations.withLock { $0 = destinationReports() }
    }

    private func forgetIdleDestinations(among count: Int) {
        for number in originNumbers.inspect(count)
        where gate.isForgettable(number, isCrowded: originNumbers.isCrowded) {
            gate.forget(number)
            network.forget(number)
            log?.forgetDestination(number)
            originNumbers.remove(number)
            origins[number] = nil
            if snapshotIndices[number] >= 0, snapshotIndices[number] < snapshotOrigins.count {
                snapshotOrigins[snapshotIndices[number]] = -1
            }
            snapshotIndices[number] = -1
        }
    }

    private func destinationReports() -> [DestinationReport] {
        gate.standings(limit: 100).map { standing in
            DestinationReport(
                standing,
                host: originNumbers.key(of: standing.destination)?.origin ?? "",
                lane: name,
                now: now
            )
        }
    }
}

extension ParkingCause {
    fileprivate func explanation(_ host: String) -> String {
        switch self {
        case .hostLimit, .concurrency: "\(host) had no room for it"
        case .breaker: "\(host) has not answered"
        case .retryAfter: "\(host) asked for a pause"
        case .ownFault: "it could not be sent from here"
        }
    }
}

extension PostbackMetrics.ParkCause {
    init(_ cause: ParkingCause) {
        switch cause {
        case .hostLimit: self = .hostLimit
        case .concurrency: self = .concurrency
        case .breaker: self = .breaker
        case .retryAfter: self = .retryAfter
        case .ownFault: self = .ownFault
        }
    }
}

extension AttemptEnding {
    init(_ result: AttemptResult) {
        switch result.outcome {
        case .answered(status: 429): self = .overloaded
        case .answered(let status): self = status >= 500 || status < 200 ? .serverError : .answered
        case .failed(let failure, _):
            switch failure {
            case .refused, .tls, .receive: self = .refused
            case .resolve, .connect, .send: self = .unreachable
            case .timeout: self = .timedOut
            case .blocked, .invalidURL, .local: self = .silent
            }
        }
    }
}
