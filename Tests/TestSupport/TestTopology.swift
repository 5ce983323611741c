/// The broker objects of one prefix, as CONTRACT section 4 writes them down; stated here a second time on purpose.
package struct TestTopology: Sendable {
    package let prefix: String

    package init(prefix: String) {
        self.prefix = prefix
    }

    package var exchange: String { prefix }
    package var conversions: String { prefix + ".conversions" }
    package var deadLetters: String { prefix + ".dead-letters" }
    package var deliveries: String { prefix + ".deliveries" }
    package var pauses: String { prefix + ".pauses" }
    package func retry(_ seconds: Int) -> String { "\(prefix).retry.\(seconds)s" }

    package static let rungs = (0...16).map { 1 << $0 }

    package var queues: [String] {
        [conversions, deadLetters, deliveries, pauses] + Self.rungs.map(retry)
    }

    private static let quorum: [AMQPField] = [
        AMQPField("x-queue-type", .text("quorum")), AMQPField("x-overflow", .text("reject-publish")),
    ]

    private static func deadLettering(to queue: String) -> [AMQPField] {
        [
            AMQPField("x-dead-letter-exchange", .text("")), AMQPField("x-dead-letter-routing-key", .text(queue)),
            AMQPField("x-dead-letter-strategy", .text("at-least-once")),
        ]
    }

    /// With the delivery limit that the contract gives, another, or none.
    package func conversionsArguments(deliveryLimit: Int64? = 20) -> [AMQPField] {
        let limit = deliveryLimit.map { [AMQPField("x-delivery-limit", .long($0))] } ?? []
        return Self.quorum + limit + Self.deadLettering(to: deadLetters)
    }

    package func rungArguments(seconds: Int) -> [AMQPField] {
        Self.quorum + [AMQPField("x-message-ttl", .long(Int64(seconds) * 1000))] + Self.deadLettering(to: conversions)
    }

    /// Creates everything but the delivery log, for tests that publish before a worker runs.
    package func declare(_ broker: AMQPConnection) throws {
        try broker.declare(exchange: exchange)
        try broker.declare(queue: deadLetters, Self.quorum + [AMQPField("x-delivery-limit", .long(1_000_000))])
        try broker.declare(queue: conversions, conversionsArguments())
        for seconds in Self.rungs { try broker.declare(queue: retry(seconds), rungArguments(seconds: seconds)) }
        try broker.bind(queue: conversions, to: exchange, key: "conversions")
    }

    /// Deletes everything there is of this prefix.
    package func remove(_ broker: AMQPConnection) {
        for queue in queues { try? broker.delete(queue: queue) }
        try? broker.delete(exchange: exchange)
    }
}
