/// How the answers to one postback are judged, before the status alone would decide (CONTRACT section 5).
package struct AnswerRules: Sendable, Hashable {
    var success: AnswerRule?
    var duplicate: AnswerRule?

    init(success: AnswerRule? = nil, duplicate: AnswerRule? = nil) {
        self.success = success
        self.duplicate = duplicate
    }

    /// Whether the body must be read; without it the status is enough.
    package var needsBody: Bool { success?.needsBody == true || duplicate?.needsBody == true }

    /// Judges an answer; `body` is what was read of it, `bodyIsComplete` whether that is all.
    ///
    /// The duplicate rule comes first: what it holds for is delivered, whatever the status, unless the rule has a
    /// status list. The success rule is asked of a 2xx alone; one it does not hold for is rejected, also when the body
    /// was cut off before it could be told. Any other status is left to the table.
    package func judge(status: Int, body: [UInt8], bodyIsComplete: Bool) -> Answer {
        if let duplicate, duplicate.statuses.isEmpty || duplicate.statuses.contains(status),
            duplicate.judgeBody(body, isComplete: bodyIsComplete) == .holds
        {
            return .duplicate
        }
        guard let success, (200...299).contains(status) else { return .byStatus }
        guard success.statuses.isEmpty || success.statuses.contains(status) else {
            return .rejected(
                reason: Self.reason("has the status \(status), and success asks for \(success.statuses.text)", body)
            )
        }
        switch success.judgeBody(body, isComplete: bodyIsComplete) {
        case .holds: return .delivered
        case .fails(let why): return .rejected(reason: Self.reason(why, body))
        case .unknown(let why): return .rejected(reason: Self.reason("\(why); raise dispatch.max_response", body))
        }
    }

    private static func reason(_ why: String, _ body: [UInt8]) -> String {
        let excerpt = BodyExcerpt.text(body)
        return "the answer \(why)" + (excerpt.isEmpty ? "; it has no body" : ": \(excerpt)")
    }
}
