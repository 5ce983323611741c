/// What came of one attempt, as facts.
package struct AttemptResult: Sendable, Equatable {
    package enum Outcome: Sendable, Equatable {
        /// The destination answered with this status.
        case answered(status: Int)
        /// No answer; `description` says why in words.
        case failed(AttemptFailure, description: String)
    }

    package var outcome: Outcome
    /// How often the request went out: 0 when it never did, 2 and more when libcurl sent it again by itself.
    package var sends: Int
    /// The answer's `Retry-After`, as it came.
    package var retryAfter: [UInt8]?

    package init(_ outcome: Outcome, sends: Int, retryAfter: [UInt8]? = nil) {
        self.outcome = outcome
        self.sends = sends
        self.retryAfter = retryAfter
    }

    package var status: Int? {
        if case .answered(let status) = outcome { status } else { nil }
    }
}

package enum AttemptFailure: Sendable, Equatable {
    case resolve, connect, tls, send, receive, timeout
    /// The other side refused the connection, or broke it off while it was made.
    case refused
    /// The egress policy forbids the destination.
    case blocked
    /// No request can be made of the URL.
    case invalidURL
    /// Our own trouble: no descriptors, no name server, no memory.
    case local
}
