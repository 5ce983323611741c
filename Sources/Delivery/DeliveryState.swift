/// What a delivery has behind it; travels in the headers of its message from try to try. Times in milliseconds since
/// the Unix epoch.
package struct DeliveryState: Sendable, Equatable {
    /// Attempts spent so far.
    package var attempts: Int
    package var firstAttemptAt: Int64?
    /// Not to be tried before; nil for at once.
    package var notBefore: Int64?

    package init(attempts: Int = 0, firstAttemptAt: Int64? = nil, notBefore: Int64? = nil) {
        self.attempts = attempts
        self.firstAttemptAt = firstAttemptAt
        self.notBefore = notBefore
    }
}

/// What is to be done with a delivery next.
package enum NextStep: Sendable, Equatable {
    /// It reached its destination; nothing is owed any more.
    case delivered
    /// Try again at `state.notBefore`: to the ladder.
    case retry(DeliveryState)
    /// It cannot be delivered: to the dead-letter queue.
    case deadLetter(DeadLetterReason, DeliveryState)
}

extension DeliveryState {
    /// How long a delivery waits after a fault of our own, in milliseconds: long enough not to spin, short enough that
    /// nobody notices once we are well again.
    private static let ownFaultDelay = 5000.0

    /// Decides after an attempt. The one place where retry, dead letter and done are told apart.
    /// - Parameters:
    ///   - retryAfter: the answer's `Retry-After`, as it came.
    ///   - startedAt: when the attempt began.
    ///   - random: 0 to 1, evenly.
    package func next(
        after verdict: Verdict,
        retryAfter: [UInt8]?,
        startedAt: Int64,
        now: Int64,
        policy: RetryPolicy,
        random: Double
    ) -> NextStep {
        var state = self
        state.notBefore = nil
        if case .ownFault = verdict {
            state.notBefore = now + Int64(Self.ownFaultDelay * (0.8 + 0.4 * random))
            return .retry(state)
        }
        state.attempts += 1
        state.firstAttemptAt = firstAttemptAt ?? startedAt
        switch verdict {
        case .delivered, .duplicate: return .delivered
        case .rejected: return .deadLetter(.rejected, state)
        case .blocked: return .deadLetter(.blockedDestination, state)
        case .invalidURL: return .deadLetter(.invalidURL, state)
        case .retry, .unknownOutcome, .ownFault: break
        }
        if state.attempts >= policy.attempts { return .deadLetter(.exhausted, state) }
        var delay = policy.delay(afterAttempt: state.attempts, random: random)
        if let asked = retryAfter.flatMap({ RetryAfter.delay($0, now: now) }) {
            delay = max(delay, min(asked, RetryPolicy.retryAfterLimit))
        }
        let (deadline, overflows) = (state.firstAttemptAt ?? startedAt).addingReportingOverflow(policy.maxAge)
        if !overflows, now + delay > deadline { return .deadLetter(.expired, state) }
        state.notBefore = now + delay
        return .retry(state)
    }
}
