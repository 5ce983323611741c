package import Routing

/// What `postback test` tells: the conversion, what would be sent, and what came of each request. Encoded, it is without
/// the conversion, which is JSON already.
package struct TestReport: Sendable, Encodable {
    /// As JSON.
    package let event: String
    /// How the postbacks were found; nil when one was named.
    package let explanation: Explanation?
    package let deliveries: [DeliveryExplanation]
    /// In the order of the deliveries; nil for what was not sent.
    package let attempts: [TestAttempt?]
    package let isDryRun: Bool

    /// - Parameter attempts: one for each delivery.
    package init(
        event: String,
        explanation: Explanation?,
        deliveries: [DeliveryExplanation],
        attempts: [TestAttempt?],
        isDryRun: Bool
    ) {
        self.event = event
        self.explanation = explanation
        self.deliveries = deliveries
        self.attempts = attempts
        self.isDryRun = isDryRun
    }

    /// Whether there is a delivery, and each was delivered, or in a dry run could be sent.
    package var isSuccess: Bool {
        if deliveries.isEmpty { return false }
        if isDryRun { return deliveries.allSatisfy { $0.obstacle == nil } }
        return attempts.allSatisfy { $0?.isDelivered == true }
    }

    private enum CodingKeys: String, CodingKey {
        case ok, search, deliveries
        case dryRun = "dry_run"
    }

    private struct Entry: Encodable {
        let delivery: DeliveryExplanation
        let attempt: TestAttempt?
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isSuccess, forKey: .ok)
        try container.encode(isDryRun, forKey: .dryRun)
        try container.encodeIfPresent(explanation?.search, forKey: .search)
        let entries = zip(deliveries, attempts).map { Entry(delivery: $0, attempt: $1) }
        try container.encode(entries, forKey: .deliveries)
    }
}

extension TestAttempt: Encodable {
    private enum CodingKeys: String, CodingKey {
        case verdict, reason, next, status, location, peer, sends, body, microseconds
        case bodyBytes = "body_bytes"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(verdict, forKey: .verdict)
        try container.encodeIfPresent(explanation, forKey: .reason)
        try container.encode(next, forKey: .next)
        try container.encodeIfPresent(status, forKey: .status)
        try container.encodeIfPresent(location, forKey: .location)
        try container.encodeIfPresent(peer, forKey: .peer)
        try container.encode(sends, forKey: .sends)
        try container.encode(String(decoding: body, as: UTF8.self), forKey: .body)
        try container.encode(bodyCount, forKey: .bodyBytes)
        try container.encode(timings, forKey: .microseconds)
    }
}
