import Conversion
import Delivery
import Documents
import HTTPTransport
import Logging
import Routing
import Telemetry

/// Sending a request, and judging its answer.
extension Lane {
    /// Renders the request and sends it. The gate has let it through.
    func begin(_ task: DeliveryTask) {
        guard let postback = task.postback else { return }
        let message = messages[task.message]
        let transfer: Transfer
        do throws(TransferFailure) {
            transfer = try transport.makeTransfer()
        } catch {
            task.startedAt = wallNow
            task.startedAtTick = now
            gate.ended(task.destination, .silent, startedAt: now)
            let result = AttemptResult(.failed(.local, description: error.description), sends: 0)
            attemptEnded(task, nil, result, .init(result), url: nil)
            return
        }
        task.random = random.next()
        let context = RenderContext(attempt: task.state.attempts + 1, now: wallNow, random: task.random)
        // One copy in place of one at each use: it is a member of a class.
        let event = message.event
        do throws(RenderFault) {
            try render(postback, event, context, into: transfer)
            writeKey(of: task, postback, event)
            try setHeaders(task, postback, message, on: transfer)
        } catch {
            transport.recycle(transfer)
            gate.ended(task.destination, .silent, startedAt: now)
            task.lastError = error.description
            deadLetter(task, error.deadLetterReason, url: nil)
            return
        }
        transfer.slot = task.slot
        transfer.connectTimeout = options.connectTimeout
        transfer.usesHTTP2 = postback.usesHTTP2
        transfer.redirectsLeft = postback.redirects
        transfer.keptBytes = postback.answerRules?.needsBody == true ? options.transport.maxResponse : 0
        transfer.timeout = postback.timeout.map { Int($0.value) } ?? options.timeout
        task.phase = .inFlight
        task.startedAt = wallNow
        task.startedAtTick = now
        message.hasProgressed = true
        // A number that tasks use is never without its origin.
        if let origin = origins[task.destination] { transport.start(transfer, to: origin) }
    }

    private func render(
        _ postback: Postback,
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        into transfer: Transfer
    ) throws(RenderFault) {
        transfer.target.removeAll(keepingCapacity: true)
        try postback.renderTarget(event, context, into: &transfer.target)
        if postback.hasSignedTarget { try postback.appendSignature(to: &transfer.target) }
        transfer.body.removeAll(keepingCapacity: true)
        requestHeaders.removeAll(keepingCapacity: true)
        switch postback.method {
        case .get: transfer.method = .get
        case .post: transfer.method = .post
        case .put: transfer.method = .put
        }
        if postback.hasBody { try postback.renderBody(event, context, into: &transfer.body) }
        if postback.hasHeaders { try postback.renderHeaders(event, context, into: &requestHeaders) }
    }

    private static let idempotencyKey = Array("Idempotency-Key: ".utf8)

    private func setHeaders(
        _ task: DeliveryTask,
        _ postback: Postback,
        _ message: InboundMessage,
        on transfer: Transfer
    ) throws(RenderFault) {
        if postback.hasSignedHeaders {
            try postback.signHeaders(
                id: task.key,
                timestamp: wallNow / 1000,
                body: transfer.body,
                into: &requestHeaders
            )
        }
        headerLine.removeAll(keepingCapacity: true)
        headerLine.append(contentsOf: Self.idempotencyKey)
        headerLine.append(contentsOf: task.key)
        if requestHeaders.isEmpty, message.headers.traceparent == nil {
            transfer.setHeader(headerLine)
            return
        }
        requestHeaders.append(headerLine)
        if let trace = message.headers.traceparent { requestHeaders.append(Array("traceparent: ".utf8) + trace) }
        transfer.setHeaders(requestHeaders)
    }

    /// `EVENT_ID/ROUTE_KEY`. An id may hold any character; what a header may not is percent-encoded.
    func writeKey(of task: DeliveryTask) {
        guard let postback = task.postback else { return }
        writeKey(of: task, postback, messages[task.message].event)
    }

    private func writeKey(of task: DeliveryTask, _ postback: Postback, _ event: borrowing ConversionEvent) {
        task.key.removeAll(keepingCapacity: true)
        if let id = event.range(of: .id)?.indices {
            let storage = event.storage
            let bytes = storage.span.extracting(id)
            task.key.append(addingCapacity: 3 * bytes.count + 1) { (out: inout OutputSpan<UInt8>) in
                for index in bytes.indices { Self.appendEscaped(bytes[index], to: &out) }
                out.append(UInt8(ascii: "/"))
            }
        } else {
            task.key.append(UInt8(ascii: "/"))
        }
        task.keyRoute = task.key.count
        postback.appendKey(to: &task.key)
    }

    /// ASCII without blanks and controls.
    private static func isVisible(_ byte: UInt8) -> Bool { (0x21...0x7e).contains(byte) }

    @inline(__always)
    private static func appendEscaped(_ byte: UInt8, to line: inout OutputSpan<UInt8>) {
        if isVisible(byte) {
            line.append(byte)
        } else {
            line.append(UInt8(ascii: "%"))
            line.append(hex(byte >> 4))
            line.append(hex(byte & 15))
        }
    }

    private static func hex(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }

    /// A transfer is over.
    func completed(_ transfer: Transfer) {
        let task = tasks[transfer.slot]
        if transfer.sends > 0 { metrics.connection(reused: !transfer.openedConnection) }
        let resends = max(0, transfer.sends - 1) + transfer.earlierResends
        if resends > 0 { noteResend(task, resends) }
        let wasRedirected = transfer.redirectsLeft != task.postback?.redirects
        let result = attemptLeftGate(task, AttemptResult(transfer), wasRedirected: wasRedirected)
        let verdict = masked(verdict(of: result, task, transfer), task)
        let url = verdict == .delivered || verdict == .duplicate ? nil : maskedURL(of: task, transfer)
        attemptEnded(task, transfer, result, verdict, url: url)
        transport.recycle(transfer)
        startWaiting()
    }

    /// The postback's own answer rules come first; where they are silent, the status decides.
    private func verdict(of result: AttemptResult, _ task: DeliveryTask, _ transfer: Transfer) -> Delivery.Verdict {
        guard let status = result.status, let rules = task.postback?.answerRules else { return .init(result) }
        switch rules.judge(status: status, body: transfer.bodyHead, bodyIsComplete: transfer.isBodyComplete) {
        case .delivered: return .delivered
        case .duplicate: return .duplicate
        case .rejected(let reason): return .rejected(reason: reason)
        case .byStatus: return .init(result)
        }
    }

    /// What an answer rule quotes of the answer may be a secret that we sent.
    private func masked(_ verdict: Delivery.Verdict, _ task: DeliveryTask) -> Delivery.Verdict {
        guard case .rejected(let reason) = verdict, let mask = answerMask(of: task) else { return verdict }
        return .rejected(reason: mask.text(reason))
    }

    /// For all text that comes from the answer to the attempt that has just ended; nil when nothing of it is quoted.
    private func answerMask(of task: DeliveryTask) -> AnswerMask? {
        guard let postback = task.postback, postback.answerRules != nil else { return nil }
        let context = RenderContext(attempt: task.state.attempts + 1, now: task.startedAt, random: task.random)
        return AnswerMask(postback, messages[task.message].event, context, id: task.key, mask: handOffs.mask)
    }

    /// For headers and logs: what was computed with a secret is masked, and of a redirect only the origin is told, since
    /// its path and query are the destination's words.
    func maskedURL(of task: DeliveryTask, _ transfer: Transfer) -> String? {
        guard let postback = task.postback else { return nil }
        let context = RenderContext(attempt: task.state.attempts + 1, now: task.startedAt, random: task.random)
        let url = try? postback.maskedURL(messages[task.message].event, context)
        guard let last = transfer.destination, last != postback.destination.origin else { return url }
        return url.map { "\($0) redirected to \(last)" }
    }

    /// Does what follows from an attempt.
    private func attemptEnded(
        _ task: DeliveryTask,
        _ transfer: Transfer?,
        _ result: AttemptResult,
        _ verdict: Delivery.Verdict,
        url: String?
    ) {
        let took = Double(now - task.startedAtTick) / 1e9
        metrics.attempt(
            verdict: .init(verdict),
            statusClass: result.status.map { .init(status: $0) } ?? .none,
            seconds: max(0, took)
        )
        if verdict == .delivered || verdict == .duplicate {
            tellAttempt(task, transfer, result, verdict, .delivered, url: nil)
            noteDelivered(task)
            delivered(task, isDuplicate: verdict == .duplicate)
            return
        }
        noteFailed(task, result, verdict)
        task.lastStatus = result.status
        task.lastError = verdict.explanation
        let step = task.state.next(
            after: verdict,
            retryAfter: result.retryAfter,
            startedAt: task.startedAt,
            now: wallNow,
            policy: policy(of: task),
            random: random.fraction()
        )
        var attempt = task.state.attempts
        switch step {
        case .retry(let state), .deadLetter(_, let state): attempt = state.attempts
        case .delivered: break
        }
        task.history.append(
            attempt: attempt,
            at: task.startedAt,
            took: Int64(took * 1000),
            status: result.status,
            error: verdict.explanation,
            sends: result.sends
        )
        logAttempt(task, verdict, url)
        tellAttempt(task, transfer, result, verdict, step, url: url)
        switch step {
        case .delivered:
            delivered(task, isDuplicate: false)
        case .retry(let state):
            let isOwnFault = state.attempts == task.state.attempts
            task.state = state
            retry(task, isOwnFault: isOwnFault)
        case .deadLetter(let reason, let state):
            task.state = state
            deadLetter(task, reason, url: url, wasAttempted: true)
        }
    }

    /// libcurl sends again by itself when a kept-alive connection turns out to be dead: the destination may have had both.
    private func noteResend(_ task: DeliveryTask, _ resends: Int) {
        metrics.resend(resends)
        logger.notice(
            "a request was sent again on a new connection, because the kept-alive one was dead",
            metadata: [
                LogKey.eventID: "\(messages[task.message].event.text(.id) ?? "")",
                LogKey.route: "\(task.postback?.key ?? "")", LogKey.sends: "\(resends + 1)",
            ]
        )
    }

    /// The worker's schedule with the postback's own overrides.
    func policy(of task: DeliveryTask) -> RetryPolicy {
        guard let overrides = task.postback?.retry else { return options.retry }
        return RetryPolicy(options.retry, overrides)
    }

    private func logAttempt(_ task: DeliveryTask, _ verdict: Delivery.Verdict, _ url: String?) {
        // The metadata is an autoclosure: nothing is built unless debug is on.
        logger.debug(
            "attempt failed",
            metadata: [
                LogKey.eventID: "\(messages[task.message].event.text(.id) ?? "")",
                LogKey.route: "\(task.postback?.key ?? "")", LogKey.url: "\(url.map { handOffs.mask.url($0) } ?? "")",
                LogKey.verdict: "\(verdict.label)", LogKey.error: "\(verdict.explanation)",
                LogKey.attempt: "\(task.state.attempts + 1)",
            ]
        )
    }
}

extension RenderFault {
    var deadLetterReason: DeadLetterReason {
        if case .missingToken = self { .missingToken } else { .invalidURL }
    }
}
