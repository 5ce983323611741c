import Delivery
import HTTPTransport
import Routing

extension Delivery.Verdict {
    /// Judges a transfer: the postback's own answer rules come first; where they are silent, the status decides.
    init(_ result: AttemptResult, _ transfer: Transfer, _ rules: AnswerRules?) {
        guard let status = result.status, let rules else {
            self.init(result)
            return
        }
        switch rules.judge(status: status, body: transfer.bodyHead, bodyIsComplete: transfer.isBodyComplete) {
        case .delivered: self = .delivered
        case .duplicate: self = .duplicate
        case .rejected(let reason): self = .rejected(reason: reason)
        case .byStatus: self.init(result)
        }
    }
}
