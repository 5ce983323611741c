/// Why a delivery ends in the dead-letter queue (CONTRACT section 4); the raw value is the header's.
package enum DeadLetterReason: String, Sendable, CaseIterable {
    case invalidEvent = "invalid_event"
    case missingToken = "missing_token"
    case invalidURL = "invalid_url"
    case blockedDestination = "blocked_destination"
    case rejected
    case exhausted
    case expired
    case routeRemoved = "route_removed"
    case poison
    /// The route is paused.
    case paused
}
