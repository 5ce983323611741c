/// Tells replayed deliveries apart within this process, as far as the delivery log does: by event and route. Pure; a
/// hash, since there may be millions.
package struct ReplayedKey: Hashable, Sendable {
    private let hash: Int

    /// - Parameters:
    ///   - event: nil for what is no event: the log cannot tell these apart.
    ///   - route: nil for an event as a whole.
    package init(event: String?, route: String?) {
        var hasher = Hasher()
        hasher.combine(event)
        hasher.combine(event == nil ? nil : route)
        hash = hasher.finalize()
    }
}

extension Letter {
    /// Of the record of its delivery; the event as a whole for a letter without a route.
    package var replayedKey: ReplayedKey { ReplayedKey(event: isEvent ? eventID : nil, route: route) }
    /// It is resolved anew, and nobody knows to how many postbacks.
    package var isResolvedAnew: Bool { isEvent && route == nil }
}
