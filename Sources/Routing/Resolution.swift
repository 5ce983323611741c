/// Where one conversion goes. Made once and used again and again, so that resolving allocates nothing.
package struct Resolution: Sendable {
    /// The postbacks to send, the most specific scope first; the list's own order within a scope.
    package var postbacks: [Postback] = []
    /// Set exactly when `postbacks` is empty after a resolution.
    package var noRouteReason: NoRouteReason?

    package init() {}

    mutating func clear() {
        // Nearly always one: a good deal cheaper than removeAll(keepingCapacity:).
        while postbacks.popLast() != nil {}
        noRouteReason = nil
    }
}
