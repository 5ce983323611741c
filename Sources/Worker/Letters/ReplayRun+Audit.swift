import EventLoop
import Letters
import RabbitMQ

/// Who replayed what: the records of kind `audit` in the delivery log, before the first letter and after the last.
extension ReplayRun {
    var auditCounts: [(name: String, count: Int)] {
        [
            ("frozen", walk.frozen), ("matched", tally.matched), ("replayed", tally.replayed),
            ("already", tally.already), ("unknown", tally.unknown), ("refused", tally.refused),
            ("left", tally.leftCount),
        ] + (isInDoubt ? [("in_doubt", 1)] : [])
    }

    func audit(_ counts: [(name: String, count: Int)]) {
        auditAnswer = nil
        let record = AuditRecord(
            .replay,
            id: options.id,
            at: Clock.wall(),
            filter: options.filter.description,
            counts: counts
        )
        publisher?.publish([
            PublishRequest(
                token: Self.auditToken,
                exchange: "",
                routingKey: lane.topology.deliveries,
                body: record.json
            )
        ])
    }

    /// The record is worth five seconds, not the replay.
    func settleAudit() {
        let start = Clock.monotonic()
        while auditAnswer == nil, stop != .broker, Clock.monotonic() - start < 5_000_000_000 {
            walk.wait(milliseconds: 20, forLetters: false, alsoFor: [wakeUp.descriptor])
            wakeUp.clear()
            settle()
        }
        if auditAnswer != .confirmed {
            let reason = auditAnswer?.explanation ?? "no answer"
            auditTrouble = "the delivery log has no record of this replay: \(reason)"
        }
    }
}
