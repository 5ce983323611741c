import EventLoop
import Letters

/// The canary: the first letters go, and their verdicts decide about the others.
extension ReplayRun {
    /// The canary has not been decided.
    var isWaitingForCanary: Bool { canary != nil && stop == nil && !isCanaryOver }

    func note(_ record: ReplayRecord) {
        guard tally.add(record, now: Clock.monotonic()), !isCanaryOver, record.attempt <= 1 else { return }
        // A fault of our own says nothing about the letter; its first try is still to come.
        if record.verdict == "own_fault" { return }
        let letter = canaryKeys.contains(record.delivery) ? record.delivery : record.event
        if canaryKeys.contains(letter) { canary?.note(letter, isDelivered: record.end == .delivered) }
    }

    func decideCanary() {
        guard let canary, isWaitingForCanary else { return }
        let isSent = open.isEmpty && (tally.matched - tally.leftCount >= canary.size || isAtEnd)
        switch canary.step(sent: isSent ? canaryKeys.count : canary.size) {
        case .stop:
            isCanaryOver = true
            end(.canary)
        case .goOn where tally.isQuiet(now: Clock.monotonic()):
            isCanaryOver = true
        case .goOn, .wait:
            guard isSent else { return }
            if canarySentAt == 0 { canarySentAt = Clock.monotonic() }
            if (Clock.monotonic() - canarySentAt) / 1_000_000 > options.patience { end(.timeout) }
        }
    }

    /// How many of the canary's first attempts failed; nil without one.
    package var canaryResult: (failed: Int, size: Int)? {
        canary.map { ($0.failed, min($0.size, canaryKeys.count)) }
    }

    /// After the last letter.
    func followToTheEnd(_ progress: (ReplayRun) -> Void) {
        guard options.waits, let watch, stop == nil || stop == .canary else { return }
        let start = Clock.monotonic()
        while openCount > 0 {
            watch.read { note($0) }
            report(progress)
            if Interruption.isRequested { return end(.interrupted) }
            if (Clock.monotonic() - start) / 1_000_000 > options.patience { return end(.timeout) }
            if openCount > 0 { walk.wait(milliseconds: 50, alsoFor: watch.descriptor.map { [$0] } ?? []) }
        }
    }
}
