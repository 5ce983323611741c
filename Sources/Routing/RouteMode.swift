/// How the scopes of one publisher work together.
package enum RouteMode: String, Sendable, Hashable, CaseIterable {
    /// The most specific enabled scope wins: smartlink, then offer, then global.
    case override
    /// As `override`, but where the chosen scope's conditions do not match the event, the next scope is asked.
    case fallback
    /// All enabled scopes send.
    case additive
}
