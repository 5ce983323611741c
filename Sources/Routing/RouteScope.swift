/// What a postback is set for: everything a publisher runs, one offer, or one smartlink.
package enum RouteScope: String, Sendable, Hashable, CaseIterable {
    case global
    case offer
    case smartlink

    /// The word in the routes file and in the route key: `global`, `offers`, `smartlinks`.
    package var word: String {
        switch self {
        case .global: "global"
        case .offer: "offers"
        case .smartlink: "smartlinks"
        }
    }
}
