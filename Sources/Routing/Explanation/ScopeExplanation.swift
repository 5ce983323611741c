/// What the search found in one scope: the smartlink, the offer, or global.
package struct ScopeExplanation: Sendable, Encodable {
    package enum State: String, Sendable, Encodable {
        /// The event names no smartlink, or no offer.
        case notInEvent = "not_in_event"
        /// The publisher has nothing there.
        case absent
        /// All its postbacks are switched off: as if it were absent.
        case disabled
        /// `suppress: true`: the search ends with nothing.
        case suppressed
        /// It has postbacks, but their rules leave the conversion out.
        case filtered
        /// At least one of its postbacks is sent.
        case chosen
        /// The search had ended before.
        case notAsked = "not_asked"
    }

    package let scope: RouteScope
    /// The smartlink's or the offer's; nil for global and where the event names none.
    package let id: String?
    package let state: State
    /// The reason for the state, a sentence without a full stop.
    package let why: String
    package let postbacks: [PostbackExplanation]

    /// `smartlink 77`, `offer 5512`, `global`.
    package var title: String { id.map { PrintableText.line("\(scope.rawValue) \($0)") } ?? scope.rawValue }

    private enum CodingKeys: String, CodingKey {
        case scope, id, state, why, postbacks
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(scope.rawValue, forKey: .scope)
        try container.encodeIfPresent(id, forKey: .id)
        try container.encode(state, forKey: .state)
        try container.encode(why, forKey: .why)
        try container.encode(postbacks, forKey: .postbacks)
    }
}
