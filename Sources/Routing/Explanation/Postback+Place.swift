extension Postback {
    /// The id of the publisher it belongs to.
    package var publisherID: String {
        String(decoding: store.publisherIDs.bytes(of: Int(record.publisher)), as: UTF8.self)
    }

    /// The id of the offer or smartlink it is set for; nil for a global one.
    package var scopeID: String? {
        if record.scope == RouteStore.noNumber { return nil }
        return String(decoding: store.scopeIDs.bytes(of: Int(record.scope)), as: UTF8.self)
    }

    /// The line of the routes file where it begins; nil when it is not known.
    package var line: Int? { record.line == 0 ? nil : Int(record.line) }

    /// The catalogue's name of the tracker that made it; nil when the publisher wrote the URL.
    package var tracker: String? { settings.origin.tracker }
}
