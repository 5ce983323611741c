import Delivery
import Testing

/// CONTRACT section 5, row by row: from what happened to what is done about it.
@Suite struct VerdictTests {
    private static let now: Int64 = 1_800_000_000_000

    private func step(_ result: AttemptResult, attempts: Int = 0) -> NextStep {
        DeliveryState(attempts: attempts)
            .next(
                after: Verdict(result),
                retryAfter: result.retryAfter,
                startedAt: Self.now - 100,
                now: Self.now,
                policy: RetryPolicy(jitter: 0),
                random: 0.5
            )
    }

    @Test(arguments: [200, 201, 202, 204, 226, 299])
    func `Any 2xx is delivered`(status: Int) {
        let result = AttemptResult(.answered(status: status), sends: 1)
        #expect(Verdict(result) == .delivered)
        #expect(step(result) == .delivered)
        #expect(result.status == status)
    }

    @Test func `A duplicate is as good as delivered`() {
        let next = DeliveryState(attempts: 3)
            .next(after: .duplicate, retryAfter: nil, startedAt: 0, now: 0, policy: RetryPolicy(), random: 0)
        #expect(next == .delivered)
    }

    @Test(arguments: [
        300, 301, 302, 303, 304, 307, 308, 399, 400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414,
        415,
        416, 417, 418, 422, 423, 424, 426, 427, 428, 430, 431, 451, 499,
    ])
    func `A redirect or a 4xx is a permanent no`(status: Int) {
        let result = AttemptResult(.answered(status: status), sends: 1, retryAfter: Array("120".utf8))
        guard case .rejected(let reason) = Verdict(result) else {
            Issue.record("\(status) is \(Verdict(result))")
            return
        }
        #expect(reason.contains("\(status)"))
        #expect(
            step(result) == .deadLetter(.rejected, DeliveryState(attempts: 1, firstAttemptAt: Self.now - 100))
        )
    }

    @Test(arguments: [408, 425, 429, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599, 100, 103])
    func `408, 425, 429 and 5xx are tried again`(status: Int) {
        let result = AttemptResult(.answered(status: status), sends: 1)
        guard case .retry(let reason) = Verdict(result) else {
            Issue.record("\(status) is \(Verdict(result))")
            return
        }
        #expect(reason.contains("\(status)"))
        #expect(
            step(result)
                == .retry(DeliveryState(attempts: 1, firstAttemptAt: Self.now - 100, notBefore: Self.now + 5000))
        )
    }

    @Test(arguments: [AttemptFailure.resolve, .connect, .refused, .tls, .send, .receive, .timeout])
    func `A failure before the request went out is tried again`(failure: AttemptFailure) {
        let result = AttemptResult(.failed(failure, description: "why"), sends: 0)
        #expect(Verdict(result) == .retry(reason: "why"))
        #expect(
            step(result)
                == .retry(DeliveryState(attempts: 1, firstAttemptAt: Self.now - 100, notBefore: Self.now + 5000))
        )
        #expect(result.status == nil)
    }

    @Test(arguments: [AttemptFailure.send, .receive, .timeout, .tls, .connect], [1, 2, 6])
    func `No answer after the request went out is an unknown outcome, and tried again`(
        failure: AttemptFailure,
        sends: Int
    ) {
        let result = AttemptResult(.failed(failure, description: "why"), sends: sends)
        #expect(Verdict(result) == .unknownOutcome(reason: "why"))
        #expect(
            step(result)
                == .retry(DeliveryState(attempts: 1, firstAttemptAt: Self.now - 100, notBefore: Self.now + 5000))
        )
    }

    @Test func `A forbidden destination and an impossible URL are dead letters at once`() {
        let blocked = AttemptResult(.failed(.blocked, description: "10.0.0.1 is private"), sends: 0)
        #expect(Verdict(blocked) == .blocked(reason: "10.0.0.1 is private"))
        let state = DeliveryState(attempts: 1, firstAttemptAt: Self.now - 100)
        #expect(step(blocked) == .deadLetter(.blockedDestination, state))
        let invalid = AttemptResult(.failed(.invalidURL, description: "no host"), sends: 0)
        #expect(Verdict(invalid) == .invalidURL(reason: "no host"))
        #expect(step(invalid) == .deadLetter(.invalidURL, state))
    }

    @Test(arguments: [0, 1, 5, 11, 12, 1000])
    func `The worker's own fault costs no attempt, not even the last`(attempts: Int) {
        let result = AttemptResult(.failed(.local, description: "no descriptors"), sends: 0)
        #expect(Verdict(result) == .ownFault(reason: "no descriptors"))
        #expect(
            step(result, attempts: attempts) == .retry(DeliveryState(attempts: attempts, notBefore: Self.now + 5000))
        )
    }
}
