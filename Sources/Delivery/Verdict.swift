/// What an attempt amounts to (CONTRACT section 5).
package enum Verdict: Sendable, Equatable {
    case delivered
    /// The destination knew the conversion already, which is as good as delivered.
    case duplicate
    /// A permanent no: trying again would not help.
    case rejected(reason: String)
    /// A passing trouble; the request surely did not take effect, or the destination said so itself.
    case retry(reason: String)
    /// The request went out and no answer came: it may have taken effect. The only verdict that can cause a duplicate.
    case unknownOutcome(reason: String)
    case blocked(reason: String)
    case invalidURL(reason: String)
    /// Not the destination's fault; costs no attempt.
    case ownFault(reason: String)

    /// Judges by status alone, as a postback without answer rules is.
    package init(_ result: AttemptResult) {
        switch result.outcome {
        case .answered(let status): self.init(status: status)
        case .failed(let failure, let description): self.init(failure, description, sends: result.sends)
        }
    }

    private init(status: Int) {
        switch status {
        case 200...299: self = .delivered
        // 1xx as a final answer is no answer that HTTP knows; like 5xx it is the server's trouble.
        case 100...199, 408, 425, 429, 500...: self = .retry(reason: "status \(status)")
        case 300...399: self = .rejected(reason: "status \(status): redirects are not followed")
        default: self = .rejected(reason: "status \(status)")
        }
    }

    private init(_ failure: AttemptFailure, _ description: String, sends: Int) {
        switch failure {
        case .blocked: self = .blocked(reason: description)
        case .invalidURL: self = .invalidURL(reason: description)
        case .local: self = .ownFault(reason: description)
        case .resolve, .connect, .refused, .tls, .send, .receive, .timeout:
            self = sends > 0 ? .unknownOutcome(reason: description) : .retry(reason: description)
        }
    }
}
