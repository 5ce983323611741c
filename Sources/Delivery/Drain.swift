/// Shutting down: no more messages are taken, what is under way ends or goes back, all within a bound. Pure.
package struct Drain: Sendable {
    private enum Phase: Sendable {
        case running
        case draining(deadline: Int64)
        case lingering(until: Int64, deadline: Int64)
        case over
    }

    package enum Step: Sendable, Equatable {
        /// Go on; ask again after the next turn of the loop.
        case wait
        /// Everything ended by itself.
        case finished
        /// The time is up: what is still under way goes back to its queue.
        case abandon
    }

    private var phase = Phase.running

    /// How long the connection stays after the last message was settled, in nanoseconds. RabbitMQ's channel reads an
    /// acknowledgement at once, but a quorum queue that is busy gets it later, and never when the channel is closed
    /// before: the message would come again (seen with 3.10.8 after a stall).
    package static let linger: Int64 = 200_000_000

    package init() {}

    package var isRunning: Bool {
        if case .running = phase { true } else { false }
    }

    /// - Parameters:
    ///   - now: monotonic nanoseconds.
    ///   - patience: nanoseconds until `abandon`.
    package mutating func begin(now: Int64, patience: Int64) {
        if isRunning { phase = .draining(deadline: now + patience) }
    }

    /// - Parameter unsettled: messages that still owe something.
    package mutating func step(unsettled: Int, now: Int64) -> Step {
        switch phase {
        case .running, .over: return .wait
        case .draining(let deadline):
            if unsettled == 0 {
                phase = .lingering(until: max(now, min(now + Self.linger, deadline)), deadline: deadline)
                return step(unsettled: 0, now: now)
            }
            if now < deadline { return .wait }
            phase = .over
            return .abandon
        case .lingering(let end, let deadline):
            if unsettled > 0 {
                phase = .draining(deadline: deadline)
                return step(unsettled: unsettled, now: now)
            }
            if now < end { return .wait }
            phase = .over
            return .finished
        }
    }

    /// Nanoseconds until `step` has to be asked at the latest; nil while running.
    package func timeUntilDeadline(now: Int64) -> Int64? {
        switch phase {
        case .running, .over: nil
        case .draining(let time), .lingering(let time, _): max(0, time - now)
        }
    }
}
