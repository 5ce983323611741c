import Conversion

/// What a record of the delivery log says about a replayed delivery (`schemas/delivery.schema.json`). Pure.
package struct ReplayRecord: Sendable, Equatable {
    package enum End: String, Sendable, Equatable {
        case delivered
        case deadLetter = "dead_letter"
        case notSent = "not_sent"
        case retry
    }

    package let end: End
    /// Counts from 1; 0 for what was not sent.
    package let attempt: Int
    /// Why it ended as it did: a dead letter's reason, or why it was not sent.
    package let reason: String?
    /// The word of the record.
    package let verdict: String?
    /// Nil for what is no event.
    package let eventID: String?
    /// Empty for an event that found no postback.
    package let route: String
    /// Of all its bytes: a record that was written twice is known by it.
    package let hash: Int

    private static let pointers = [
        "/replay", "/end", "/attempt", "/dead_letter", "/verdict", "/event_id", "/route",
    ].compactMap { try? JSONPointer(parsing: $0) }

    /// - Returns: nil for a record of anything else than a delivery of this replay.
    package init?(_ body: [UInt8], replay id: String) {
        guard TextSearch(id).isIn(body), Self.text(0, body) == id, let end = Self.text(1, body).flatMap(End.init)
        else { return nil }
        self.end = end
        attempt = Self.text(2, body).flatMap { Int($0) } ?? 0
        verdict = Self.text(4, body)
        reason =
            switch end {
            case .deadLetter: Self.text(3, body)
            case .notSent, .retry: verdict
            case .delivered: nil
            }
        eventID = Self.text(5, body)
        route = Self.text(6, body) ?? ""
        hash = body.hashValue
    }

    /// What became of it.
    package var delivery: ReplayedKey { ReplayedKey(event: eventID, route: route) }
    /// All that became of its event.
    package var event: ReplayedKey { ReplayedKey(event: eventID, route: nil) }

    private static func text(_ index: Int, _ body: [UInt8]) -> String? {
        guard case .scalar(let value) = JSONLookup.find(pointers[index], in: body) else { return nil }
        return String(decoding: value, as: UTF8.self)
    }
}
