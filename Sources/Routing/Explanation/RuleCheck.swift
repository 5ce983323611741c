/// One rule of a postback held against one event.
package struct RuleCheck: Sendable, Encodable, Equatable {
    /// `when.types`, `when.min_payout`, `sample` and so on.
    package let rule: String
    /// As the routes have it; lists separated by commas.
    package let wanted: String
    /// What the event has; nil when it has nothing there.
    package let found: String?
    package let holds: Bool

    /// `when.countries asks for DE, AT, and the event has US`.
    package var text: String {
        let found = found.map { PrintableText.line($0) }
        switch rule {
        case "sample":
            return
                "sample is \(wanted), and this conversion drew \(found ?? "nothing") (\(holds ? "below" : "not below"))"
        case "when.min_payout", "when.max_payout":
            return "\(rule) is \(wanted), and the payout is \(found ?? "missing")"
        default:
            return "\(rule) asks for \(wanted), and the event has \(found ?? "none")"
        }
    }
}
