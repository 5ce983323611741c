import Conversion
import Delivery
import HTTPTransport
import Routing
import Telemetry

/// What the lane tells the delivery log. Each does nothing when the log is off, and as little as possible when only
/// failures are told.
extension Lane {
    /// An attempt ended. Call it while the transfer still holds its answer and before the delivery is closed.
    /// - Parameters:
    ///   - transfer: nil when none could be made.
    ///   - url: masked already; nil where it is still to be made.
    func tellAttempt(
        _ task: DeliveryTask,
        _ transfer: Transfer?,
        _ result: AttemptResult,
        _ verdict: Delivery.Verdict,
        _ step: NextStep,
        url: String?
    ) {
        guard let log, let postback = task.postback else { return }
        let isDelivered = verdict == .delivered || verdict == .duplicate
        if isDelivered, !log.keepsAll { return }
        let message = messages[task.message]
        let end: DeliveryRecord.End
        if ledger.isOrphan(task.message), !isDelivered {
            // The broker has its message back: it is tried again with that one, whatever was decided here.
            end = .retry(at: nil)
        } else {
            switch step {
            case .delivered: end = .delivered
            case .retry(let state): end = .retry(at: state.notBefore)
            case .deadLetter(let reason, _): end = .deadLetter(reason: reason.rawValue)
            }
        }
        var record = DeliveryRecord(at: wallNow, verdict: verdict.word(sends: result.sends), end: end)
        if task.key.isEmpty { writeKey(of: task) }
        record.route = task.key
        record.routeStart = task.keyRoute
        let destination = log.destination(task.destination, of: postback)
        let origin = destination.origin
        record.host = destination.host
        if let url {
            record.urlRest = log.masking.masked(Array(url.utf8))
        } else if let transfer {
            switch log.masking.way(of: postback, routes) {
            case .none where !TargetMasking.mayHoldSecret(transfer.target):
                record.urlOrigin = origin
                record.urlRest = transfer.target
            case .none:
                record.urlRest = log.masking.masked(origin + transfer.target)
            case .byName:
                if let rest = log.masking.masked(transfer.target, origin, of: postback) {
                    record.urlOrigin = origin
                    record.urlRest = rest
                } else {
                    record.urlRest = log.masking.masked(origin + transfer.target)
                }
            case .rendered:
                record.urlRest = maskedURL(of: task, transfer).map { log.masking.masked(Array($0.utf8)) } ?? []
            }
        }
        record.replay = message.headers.replayedFrom ?? []
        var attempt = DeliveryRecord.Attempt()
        attempt.number = task.state.attempts + 1
        attempt.status = result.status
        attempt.sends = result.sends
        attempt.timings.queue = max(0, task.startedAtTick - message.receivedAtTick) / 1000
        attempt.timings.total = max(0, now - task.startedAtTick) / 1000
        if let transfer {
            attempt.peer = transfer.peerBytes
            attempt.bytes = transfer.bodyCount
            attempt.timings.take(transfer)
        }
        if !isDelivered {
            record.reason = verdict.explanation
            if case .failed(_, let description) = result.outcome { attempt.error = description }
            if let transfer, !transfer.bodyHead.isEmpty {
                attempt.answer = answerHead(task, postback, transfer)
            }
        }
        record.attempt = attempt
        log.add(record, message, now: now)
    }

    /// The head of the answer without our own secrets, which it may repeat. Masked before it is cut, so that no part of
    /// one is left at the end.
    private func answerHead(_ task: DeliveryTask, _ postback: Postback, _ transfer: Transfer) -> [UInt8] {
        let context = RenderContext(attempt: task.state.attempts + 1, now: task.startedAt, random: task.random)
        let event = messages[task.message].event
        let mask = AnswerMask(postback, event, context, id: task.key, mask: handOffs.mask)
        return mask.bytes(Array(transfer.bodyHead.prefix(4 * RecordWriter.Limit.answer)))
    }

    /// A delivery goes to the dead letters without an attempt.
    func tellDeadLetter(_ task: DeliveryTask, _ reason: DeadLetterReason) {
        guard let log else { return }
        let message = messages[task.message]
        var record = DeliveryRecord(at: wallNow, verdict: reason.word, end: .deadLetter(reason: reason.rawValue))
        record.hasEvent = reason != .invalidEvent && reason != .poison
        record.reason = task.lastError
        if let postback = task.postback {
            record.route = postback.keyBytes
            record.host = log.destination(task.destination, of: postback).host
        } else if let route = message.headers.route {
            record.route = route
        }
        record.replay = message.headers.replayedFrom ?? []
        log.add(record, message, now: now)
    }

    /// A rule of these postbacks keeps the conversion back, whether others are sent or not.
    func tellFiltered(_ message: InboundMessage) {
        guard let log else { return }
        for (postback, reason) in resolution.skipped {
            var record = DeliveryRecord(at: wallNow, verdict: "filtered", end: .notSent)
            record.route = postback.keyBytes
            record.host = log.destination(-1, of: postback).host
            record.reason = reason.description
            record.rule = reason.code
            log.add(record, message, now: now)
        }
    }

    /// The routes have no postback for it.
    func tellNotRouted(_ message: InboundMessage, _ reason: NoRouteReason) {
        guard let log else { return }
        var verdict: StaticString = "no_route"
        switch reason {
        case .filtered: return  // told postback by postback
        case .suppressed: verdict = "suppressed"
        case .unknownPublisher, .noPostback, .disabled: if !log.keepsAll { return }
        }
        var record = DeliveryRecord(at: wallNow, verdict: verdict, end: .notSent)
        record.reason = reason.description
        log.add(record, message, now: now)
    }
}

extension DeliveryRecord.Timings {
    /// Reads libcurl's times; `total` counts look-up and earlier hops too, which libcurl does not.
    fileprivate mutating func take(_ transfer: Transfer) {
        dns = transfer.lookUp
        guard transfer.sends > 0 || transfer.openedConnection else { return }
        let times = transfer.timings
        connect = times.connected
        tls = times.secured.map { $0 - (times.connected ?? 0) }
        firstByte = times.firstByte.map { $0 - (times.secured ?? times.connected ?? 0) }
        total = max(total, times.total + (dns ?? 0))
    }
}

extension Delivery.Verdict {
    /// The word in records.
    /// - Parameter sends: how many times the request went out; if it did, it may have arrived, whoever was at fault.
    func word(sends: Int) -> StaticString {
        switch self {
        case .delivered: "delivered"
        case .duplicate: "duplicate"
        case .rejected: "rejected"
        case .retry: "retry"
        case .unknownOutcome: "unknown_outcome"
        case .blocked: "blocked"
        case .invalidURL: "invalid_url"
        case .ownFault: sends > 0 ? "unknown_outcome" : "own_fault"
        }
    }
}

extension DeadLetterReason {
    /// The verdict in records, for what was never attempted.
    fileprivate var word: StaticString {
        switch self {
        case .invalidEvent: "invalid_event"
        case .missingToken: "missing_token"
        case .invalidURL: "invalid_url"
        case .blockedDestination: "blocked"
        case .rejected: "rejected"
        case .exhausted: "exhausted"
        case .expired: "expired"
        case .routeRemoved: "route_removed"
        case .poison: "poison"
        case .paused: "paused"
        }
    }
}
