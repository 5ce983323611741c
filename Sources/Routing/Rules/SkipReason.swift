/// Which rule of a postback kept it from being sent for a conversion.
package enum SkipReason: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// `when.types` does not name the event's type.
    case type
    /// `when.statuses` does not name the event's status.
    case status
    /// `when.countries` does not name the event's country, or the event has none.
    case country
    /// The payout is below `when.min_payout`, or the event has none.
    case minPayout
    /// The payout is above `when.max_payout`, or the event has none.
    case maxPayout
    /// `sample` left this conversion out.
    case sample

    /// For logs and counters: one of a few constant words.
    package var code: String {
        switch self {
        case .minPayout: "min_payout"
        case .maxPayout: "max_payout"
        default: rawValue
        }
    }

    /// Whether it is a condition of `when`; in the mode `fallback` the next scope is asked then.
    package var isCondition: Bool { self != .sample }

    package var description: String {
        switch self {
        case .type: "when.types does not name the type of the event"
        case .status: "when.statuses does not name the status of the event"
        case .country: "when.countries does not name the country of the event"
        case .minPayout: "the payout is below when.min_payout, or missing"
        case .maxPayout: "the payout is above when.max_payout, or missing"
        case .sample: "sample leaves this conversion out"
        }
    }
}
