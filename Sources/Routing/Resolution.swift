/// Where one conversion goes. Made once and used again and again, so that resolving allocates nothing.
package struct Resolution: Sendable {
    /// The postbacks to send, the most specific scope first; the list's own order within a scope.
    package var postbacks: [Postback] = []
    /// Set exactly when `postbacks` is empty after a resolution.
    package var noRouteReason: NoRouteReason?

    /// The postbacks that a rule of theirs kept back, in the order in which they were asked. Also when others are sent.
    package var skipped: [(postback: Postback, reason: SkipReason)] = []
    /// The scope whose `suppress: true` ended the search. Also when more specific scopes are sent (`additive`).
    package var suppressedBy: RouteScope?
    /// Kept for the route keys that samples are decided by.
    var scratch: [UInt8] = []

    package init() {}

    mutating func clear() {
        // Nearly always one: a good deal cheaper than removeAll(keepingCapacity:).
        while postbacks.popLast() != nil {}
        while skipped.popLast() != nil {}
        noRouteReason = nil
        suppressedBy = nil
    }
}
