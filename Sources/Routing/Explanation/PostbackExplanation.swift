/// What became of one postback of a scope.
package struct PostbackExplanation: Sendable, Encodable {
    package enum State: String, Sendable, Encodable {
        case chosen
        /// `enabled: false`.
        case disabled
        /// `suppress: true`.
        case suppressed
        /// One of its rules leaves the conversion out.
        case filtered
        /// The search had ended before.
        case notAsked = "not_asked"

        /// In words.
        package var text: String { self == .notAsked ? "not asked" : rawValue }
    }

    /// The route key.
    package let route: String
    /// In the routes file; nil when it is not known.
    package let line: Int?
    /// The catalogue's name, when it was made from a tracker.
    package let tracker: String?
    package let state: State
    /// The rule that leaves the conversion out: `type`, `status`, `country`, `min_payout`, `max_payout`, `sample`.
    package let reason: String?
    /// Its rules and what of this event they look at, whether it was asked or not.
    package let rules: [RuleCheck]
}
