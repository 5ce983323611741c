import EventLoop
import Letters

/// The canary: the first letters go, and their verdicts decide about the others.
extension ReplayRun {
    /// The canary has not been decided.
    var isWaitingForCanary: Bool { canary != nil && stop == nil && !isCanaryOver }

    func note(_ record: ReplayRecord) {
        tally.add(record)
        if !isCanaryOver, record.attempt <= 1 { canary?.note(isDelivered: record.end == .delivered) }
    }

    func decideCanary() {
        guard let canary, isWaitingForCanary else { return }
        let isSent = open.isEmpty && (tally.matched - tally.leftCount >= canary.size || isAtEnd)
        switch canary.step(sent: isSent ? tally.replayed : canary.size) {
        case .stop:
            isCanaryOver = true
            end(.canary)
        case .goOn:
            isCanaryOver = true
        case .wait:
            guard isSent else { return }
            if canarySentAt == 0 { canarySentAt = Clock.monotonic() }
            if (Clock.monotonic() - canarySentAt) / 1_000_000 > options.patience { end(.timeout) }
        }
    }
}
