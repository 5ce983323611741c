/// The objects on the broker (CONTRACT section 4), as values.
package struct Topology: Sendable, Equatable {
    package struct Queue: Sendable, Equatable {
        package var name: String
        package var arguments: [TableEntry]
        /// Why it is declared like this, for `topology print`.
        package var purpose: String
    }

    package struct Binding: Sendable, Equatable {
        package var queue: String
        package var key: String
    }

    package var prefix: String
    package var queues: [Queue]
    package var bindings: [Binding]

    /// Direct and durable; upstream publishes to it.
    package var exchange: String { prefix }
    package var conversions: String { "\(prefix).conversions" }
    package var deadLetters: String { "\(prefix).dead-letters" }
    package var deliveries: String { "\(prefix).deliveries" }
    /// Which routes fail or are paused.
    package var pauses: String { "\(prefix).pauses" }
    package static let conversionsKey = "conversions"
    /// Nobody need listen.
    package static let noticesKey = "notices"
    package static let deliveryLimit: Int64 = 20

    package func retry(seconds: Int) -> String { "\(prefix).retry.\(seconds)s" }

    /// - Parameters:
    ///   - rungs: the delays of the ladder in seconds.
    ///   - logMaxAge: how long the delivery log is kept, in milliseconds.
    ///   - logMaxBytes: how large it may grow.
    package init(prefix: String, rungs: [Int], logMaxAge: Int64, logMaxBytes: Int64) {
        self.prefix = prefix
        queues = []
        bindings = []
        // Before the queues that dead-letter into them: at-least-once dead letters need their target.
        queues.append(
            Queue(
                name: deadLetters,
                arguments: Self.quorum + [
                    // 4.x drops a message after 20 looks (get and requeue) otherwise.
                    TableEntry("x-delivery-limit", .integer(1_000_000))
                ],
                purpose: "what could not be delivered, until someone replays or discards it"
            )
        )
        queues.append(
            Queue(
                name: conversions,
                arguments: Self.quorum + [
                    TableEntry("x-delivery-limit", .integer(Self.deliveryLimit)),
                    TableEntry("x-dead-letter-exchange", .text("")),
                    TableEntry("x-dead-letter-routing-key", .text(deadLetters)),
                    TableEntry("x-dead-letter-strategy", .text("at-least-once")),
                ],
                purpose: "conversions to be delivered; what the workers consume"
            )
        )
        for seconds in rungs {
            queues.append(
                Queue(
                    name: retry(seconds: seconds),
                    arguments: Self.quorum + [
                        TableEntry("x-message-ttl", .integer(Int64(seconds) * 1000)),
                        TableEntry("x-dead-letter-exchange", .text("")),
                        TableEntry("x-dead-letter-routing-key", .text(conversions)),
                        TableEntry("x-dead-letter-strategy", .text("at-least-once")),
                    ],
                    purpose: "waits \(seconds) s, then returns to \(conversions)"
                )
            )
        }
        queues.append(
            Queue(
                name: pauses,
                arguments: [
                    TableEntry("x-queue-type", .text("stream")),
                    // Workers write what is in force again long before that; no age: a pause can last for years.
                    TableEntry("x-max-length-bytes", .integer(100_000_000)),
                    TableEntry("x-stream-max-segment-size-bytes", .integer(10_000_000)),
                ],
                purpose: "which routes fail or are paused, known to all workers"
            )
        )
        queues.append(
            Queue(
                name: deliveries,
                arguments: [
                    TableEntry("x-queue-type", .text("stream")),
                    TableEntry("x-max-age", .text(Self.age(milliseconds: logMaxAge))),
                    TableEntry("x-max-length-bytes", .integer(logMaxBytes)),
                    TableEntry("x-stream-max-segment-size-bytes", .integer(100_000_000)),
                ],
                purpose: "the delivery log"
            )
        )
        bindings.append(Binding(queue: conversions, key: Self.conversionsKey))
    }

    /// Without `reject-publish` an at-least-once strategy silently becomes at-most-once (PLUMBING 3.2).
    private static let quorum = [
        TableEntry("x-queue-type", .text("quorum")), TableEntry("x-overflow", .text("reject-publish")),
    ]

    /// A stream's age in the broker's own units; whole days where they are whole days.
    private static func age(milliseconds: Int64) -> String {
        let seconds = max(1, milliseconds / 1000)
        for (unit, length) in [("D", Int64(86_400)), ("h", 3600), ("m", 60)] where seconds % length == 0 {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }
}
