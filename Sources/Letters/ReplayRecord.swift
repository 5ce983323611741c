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

    private static let pointers = ["/replay", "/end", "/attempt", "/dead_letter", "/verdict"].compactMap {
        try? JSONPointer(parsing: $0)
    }

    /// - Returns: nil for a record of anything else than a delivery of this replay.
    package init?(_ body: [UInt8], replay id: String) {
        guard TextSearch(id).isIn(body), Self.text(0, body) == id, let end = Self.text(1, body).flatMap(End.init)
        else { return nil }
        self.end = end
        attempt = Self.text(2, body).flatMap { Int($0) } ?? 0
        reason =
            switch end {
            case .deadLetter: Self.text(3, body)
            case .notSent, .retry: Self.text(4, body)
            case .delivered: nil
            }
    }

    private static func text(_ index: Int, _ body: [UInt8]) -> String? {
        guard case .scalar(let value) = JSONLookup.find(pointers[index], in: body) else { return nil }
        return String(decoding: value, as: UTF8.self)
    }
}

/// Which delivery a record of a replay speaks of. Pure.
package struct ReplayedDelivery: Sendable, Equatable {
    package let eventID: String
    /// Empty for an event that found no postback.
    package let route: String

    private static let pointers = ["/replay", "/event_id", "/route"].compactMap { try? JSONPointer(parsing: $0) }

    /// - Returns: nil for a record of anything else than a delivery of this replay.
    package init?(_ body: [UInt8], replay id: String) {
        guard TextSearch(id).isIn(body), Self.text(0, body) == id, let event = Self.text(1, body) else { return nil }
        eventID = event
        route = Self.text(2, body) ?? ""
    }

    private static func text(_ index: Int, _ body: [UInt8]) -> String? {
        guard case .scalar(let value) = JSONLookup.find(pointers[index], in: body) else { return nil }
        return String(decoding: value, as: UTF8.self)
    }
}
