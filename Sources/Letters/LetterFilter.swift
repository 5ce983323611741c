import Delivery

/// Which dead letters are meant (CONTRACT section 6). All that is set must hold; of several values for one field any
/// does. Pure.
package struct LetterFilter: Sendable, Equatable {
    package var reasons: [String] = []
    package var publishers: [String] = []
    package var offers: [String] = []
    package var smartlinks: [String] = []
    /// Route keys; one that ends in `*` or `/` means all that begin so.
    package var routes: [String] = []
    /// Host names; `*.example.com` means those below it.
    package var hosts: [String] = []
    /// `503`, `5xx` or `none`.
    package var statuses: [String] = []
    package var eventIDs: [String] = []
    /// Milliseconds since the Unix epoch; a letter without a time of failure matches neither.
    package var since: Int64?
    package var until: Int64?
    /// Parts of the body, the URL or the last error, without regard to case; all must be there.
    package var texts: [String] = [] {
        didSet { needles = texts.map { TextSearch($0) } }
    }

    private var needles: [TextSearch] = []

    package init() {}

    package var isEmpty: Bool { self == LetterFilter() }

    package func matches(_ letter: Letter) -> Bool {
        if !reasons.isEmpty, !reasons.contains(letter.reason) { return false }
        if !Self.holds(publishers, letter.publisher) { return false }
        if !Self.holds(offers, letter.offer) { return false }
        if !Self.holds(smartlinks, letter.smartlink) { return false }
        if !Self.holds(eventIDs, letter.eventID) { return false }
        if !routes.isEmpty, !routes.contains(where: { Self.route(letter.route, is: $0) }) { return false }
        if !hosts.isEmpty, !hosts.contains(where: { Self.host(letter.host, is: $0) }) { return false }
        if !statuses.isEmpty, !statuses.contains(where: { Self.status(letter.status, is: $0) }) { return false }
        if since != nil || until != nil {
            guard let failedAt = letter.failedAt else { return false }
            if let since, failedAt < since { return false }
            if let until, failedAt >= until { return false }
        }
        return needles.allSatisfy { needle in
            needle.isIn(letter.body) || needle.isIn(letter.url) || needle.isIn(letter.lastError)
        }
    }

    private static func holds(_ wanted: [String], _ value: String?) -> Bool {
        wanted.isEmpty || value.map { wanted.contains($0) } == true
    }

    private static func route(_ route: String?, is wanted: String) -> Bool {
        route.map { RoutePattern.matches($0, wanted) } ?? false
    }

    private static func host(_ host: String?, is wanted: String) -> Bool {
        guard let host else { return false }
        let wanted = wanted.lowercased()
        return wanted.hasPrefix("*.") ? host.hasSuffix(wanted.dropFirst()) : host == wanted
    }

    private static func status(_ status: Int64?, is wanted: String) -> Bool {
        guard let status else { return wanted == "none" }
        if wanted.hasSuffix("xx") { return wanted.first.flatMap(\.wholeNumberValue).map(Int64.init) == status / 100 }
        return Int64(wanted) == status
    }

    /// Why a text is no status to look for; nil when it is one.
    package static func statusFlaw(_ text: String) -> String? {
        let isClass = text.count == 3 && text.hasSuffix("xx") && "12345".contains(text.prefix(1))
        if text == "none" || isClass || Int(text).map({ (100...999).contains($0) }) == true { return nil }
        return "\"\(text)\" is no status: 503, a class such as 5xx, or none for letters without an answer"
    }

    /// As it was asked for, for the audit record; empty for all letters.
    package var description: String {
        var parts: [String] = []
        for (name, values) in [
            ("reason", reasons), ("publisher", publishers), ("offer", offers), ("smartlink", smartlinks),
            ("route", routes), ("host", hosts), ("status", statuses), ("event-id", eventIDs), ("match", texts),
        ] {
            parts += values.map { "--\(name) \($0)" }
        }
        if let since { parts.append("--since \(Timestamp.text(since))") }
        if let until { parts.append("--until \(Timestamp.text(until))") }
        return parts.joined(separator: " ")
    }
}
