import Delivery
import HTTPTransport
import Routing
import Telemetry

/// What came of one request of a test: the answer, the verdict, and what a worker would do next.
package struct TestAttempt: Sendable {
    /// The parts of its time in microseconds, one after another; nil for what did not happen.
    package struct Timings: Sendable, Encodable {
        package let dns: Int64?
        package let connect: Int64?
        package let tls: Int64?
        /// From when the connection stood until the first byte of the answer.
        package let firstByte: Int64?
        package let total: Int64

        private enum CodingKeys: String, CodingKey {
            case dns, connect, tls, total
            case firstByte = "first_byte"
        }
    }

    package let route: String
    package let timings: Timings
    /// The address that answered, or was tried; nil when none was found.
    package let peer: String?
    package let status: Int?
    /// How often the request went out.
    package let sends: Int
    /// The head of the answer's body, and how long the body was.
    package let body: [UInt8]
    package let bodyCount: Int
    /// Whether `body` is all of it; the mask may have made it shorter.
    package let isBodyWhole: Bool
    /// `Location` of a redirect.
    package let location: String?
    /// One of `delivered`, `duplicate`, `rejected`, `retry`, `unknown_outcome`, `blocked`, `invalid_url`, `own_fault`.
    package let verdict: String
    /// Why, in words; nil when it was delivered.
    package let explanation: String?
    package let next: String

    package var isDelivered: Bool { verdict == "delivered" || verdict == "duplicate" }

    init(
        _ transfer: Transfer,
        _ postback: Postback,
        _ policy: RetryPolicy,
        mask: SecretMask,
        answerMask: AnswerMask,
        startedAt: Int64,
        endedAt: Int64,
        lookUp: Int64?,
        total: Int64
    ) {
        let result = AttemptResult(transfer)
        // Read once: asked twice, an optimised build with `-enable-testing` breaks the compiler (Swift 6.3.1).
        let answered = result.status
        let judged = Delivery.Verdict(result, transfer, postback.answerRules)
        route = postback.key
        timings = Timings(transfer.timings, lookUp: lookUp, total: total)
        peer = transfer.peer
        status = answered
        sends = transfer.sends
        body = answerMask.bytes(transfer.bodyHead)
        bodyCount = transfer.bodyCount
        isBodyWhole = transfer.bodyHead.count >= transfer.bodyCount
        let isRedirect = answered.map((300...399).contains) == true
        location = (isRedirect ? transfer.header("Location") : nil).map {
            mask.url(answerMask.text(String(decoding: $0, as: UTF8.self)))
        }
        verdict = judged.word(sends: transfer.sends).description
        explanation = judged.reason.map(answerMask.text)
        let step = DeliveryState().next(
            after: judged,
            retryAfter: result.retryAfter,
            startedAt: startedAt,
            now: endedAt,
            policy: policy,
            random: 0.5
        )
        next = step.text(now: endedAt, policy)
    }
}

extension TestAttempt.Timings {
    fileprivate init(_ timings: TransferTimings, lookUp: Int64?, total: Int64) {
        dns = lookUp
        connect = timings.connected
        tls = timings.secured.map { $0 - (timings.connected ?? 0) }
        firstByte = timings.firstByte.map { $0 - (timings.secured ?? timings.connected ?? 0) }
        self.total = total
    }
}

extension Delivery.Verdict {
    fileprivate var reason: String? {
        switch self {
        case .delivered, .duplicate: nil
        case .rejected(let reason), .retry(let reason), .unknownOutcome(let reason), .blocked(let reason),
            .invalidURL(let reason), .ownFault(let reason):
            reason
        }
    }
}

extension NextStep {
    /// What the worker would do now.
    fileprivate func text(now: Int64, _ policy: RetryPolicy) -> String {
        switch self {
        case .delivered: return "nothing: it is over"
        case .retry(let state):
            let wait = DurationText.text((state.notBefore ?? now) - now)
            // Our own fault spends none.
            if state.attempts == 0 { return "try again in \(wait); this attempt does not count" }
            return "try again in \(wait) (attempt \(state.attempts + 1) of \(policy.attempts))"
        case .deadLetter(let reason, _): return "dead letter, reason \(reason.rawValue)"
        }
    }
}
