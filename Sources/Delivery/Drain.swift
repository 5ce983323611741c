/// Shutting down: no more messages are taken, what is under way ends or goes back, all within a bound. Pure.
package struct Drain: Sendable {
    private enum Phase: Sendable {
        case running
        case draining(deadline: Int64)
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
        guard case .draining(let deadline) = phase else { return .wait }
        if unsettled == 0 {
            phase = .over
            return .finished
        }
        if now >= deadline {
            phase = .over
            return .abandon
        }
        return .wait
    }

    /// Nanoseconds until `step` has to be asked at the latest; nil while running.
    package func timeUntilDeadline(now: Int64) -> Int64? {
        if case .draining(let deadline) = phase { max(0, deadline - now) } else { nil }
    }
}
