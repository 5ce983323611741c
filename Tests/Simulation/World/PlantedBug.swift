import Delivery
import RabbitMQ

/// A known bug, built into the simulated surroundings of a lane for whoever doubts that the oracle sees anything.
package enum PlantedBug: String, CaseIterable, Sendable {
    /// A hand-off counts as confirmed when it is sent.
    case acknowledgementBeforeConfirm = "ack-before-confirm"
    /// `basic.return` is ignored: the confirm that follows it counts.
    case lostReturn = "lost-return"
    /// Every outcome of a hand-off is told twice.
    case doubleSettlement = "double-settle"
    /// The first failure is the last: what is to be tried again goes to the dead letters as `exhausted`.
    case deadLetterAtOnce = "dead-letter-at-once"
    /// What is to be tried again goes to the dead letters as `poison`, without its route.
    case condemnation = "condemn"
    /// A hand-off down the ladder forgets the attempts that were made.
    case attemptReset = "attempt-reset"
    /// A hand-off takes the rung above the right one.
    case longRung = "long-rung"
    /// Acknowledgements are not flushed any more once a lane drains.
    case unflushedDrain = "unflushed-drain"
    /// A lane does not see the counts by which it would pardon what it had in hand when its connection broke.
    case unpardoned

    /// What the worker hands off, changed as this bug would have it.
    func changed(_ queue: String, _ headers: [(name: String, value: FieldValue?)])
        -> (queue: String, headers: [(name: String, value: FieldValue?)])
    {
        guard let rung = SimulatedBroker.rung(of: queue), !headers.isEmpty else { return (queue, headers) }
        var headers = headers
        func set(_ name: String, _ value: FieldValue?) {
            headers.removeAll { $0.name == name }
            headers.append((name, value))
        }
        switch self {
        case .deadLetterAtOnce:
            set(PostbackHeader.reason, .text("exhausted"))
        case .condemnation:
            set(PostbackHeader.reason, .text("poison"))
            set(PostbackHeader.route, nil)
        case .attemptReset:
            set(PostbackHeader.attempt, .integer(0))
            return (queue, headers)
        case .longRung:
            return (SimulatedBroker.retry(min(rung * 2, 65_536)), headers)
        case .acknowledgementBeforeConfirm, .lostReturn, .doubleSettlement, .unflushedDrain, .unpardoned:
            return (queue, headers)
        }
        return (SimulatedBroker.deadLetters, headers)
    }
}
