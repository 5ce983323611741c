import Delivery
import HTTPTransport
import Telemetry

extension AttemptResult {
    /// The facts of a transfer in the terms of the decisions.
    init(_ transfer: Transfer) {
        let sends = transfer.sends + transfer.earlierResends
        switch transfer.result {
        case .answered(let status, _):
            let isPatience = [408, 425, 429].contains(status) || status >= 500
            self.init(
                .answered(status: status),
                sends: sends,
                retryAfter: isPatience ? transfer.header("Retry-After") : nil
            )
        case .failed(let failure):
            self.init(.failed(.init(failure.kind), description: failure.description), sends: sends)
        }
    }
}

extension AttemptFailure {
    init(_ kind: TransferFailure.Kind) {
        switch kind {
        case .resolve: self = .resolve
        case .connect: self = .connect
        case .refused: self = .refused
        case .tls: self = .tls
        case .send: self = .send
        case .receive: self = .receive
        case .timeout: self = .timeout
        case .blocked: self = .blocked
        case .invalidURL: self = .invalidURL
        case .local: self = .local
        }
    }
}

extension Delivery.Verdict {
    /// In words, for headers and logs.
    var explanation: String {
        switch self {
        case .delivered: "delivered"
        case .duplicate: "duplicate"
        case .rejected(let reason), .retry(let reason), .blocked(let reason), .invalidURL(let reason): reason
        case .unknownOutcome(let reason): "unknown_outcome: \(reason)"
        case .ownFault(let reason): "own fault: \(reason)"
        }
    }

    var label: String { PostbackMetrics.Verdict(self).label }
}

extension PostbackMetrics.Verdict {
    init(_ verdict: Delivery.Verdict) {
        switch verdict {
        case .delivered: self = .delivered
        case .duplicate: self = .duplicate
        case .rejected, .blocked, .invalidURL: self = .rejected
        case .retry: self = .retry
        case .unknownOutcome: self = .unknownOutcome
        case .ownFault: self = .ownFault
        }
    }
}

extension PostbackMetrics.DeadLetterReason {
    init(_ reason: Delivery.DeadLetterReason) {
        switch reason {
        case .invalidEvent: self = .invalidEvent
        case .missingToken: self = .missingToken
        case .invalidURL: self = .invalidURL
        case .blockedDestination: self = .blockedDestination
        case .rejected: self = .rejected
        case .exhausted: self = .exhausted
        case .expired: self = .expired
        case .routeRemoved: self = .routeRemoved
        case .poison: self = .poison
        case .paused: self = .paused
        }
    }
}
