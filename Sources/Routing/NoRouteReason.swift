/// Why a conversion has no postback. A normal outcome: counted and logged, not an error.
package enum NoRouteReason: Sendable, Hashable, CustomStringConvertible {
    /// The routes do not name this publisher.
    case unknownPublisher
    /// The publisher has nothing for this smartlink or offer, and no global postback.
    case noPostback
    /// There is a postback, the most specific one in this scope, but it is switched off and nothing stands behind it.
    case disabled(RouteScope)
    /// There are postbacks, but a rule of each (`when`, `sample`) leaves this conversion out: `Resolution.skipped`.
    case filtered
    /// `suppress: true` stands in this scope.
    case suppressed(RouteScope)

    /// For logs and counters: one of five constant words.
    package var code: String {
        switch self {
        case .unknownPublisher: "unknown_publisher"
        case .noPostback: "no_postback"
        case .disabled: "disabled"
        case .filtered: "filtered"
        case .suppressed: "suppressed"
        }
    }

    package var description: String {
        switch self {
        case .unknownPublisher: "the routes have no such publisher"
        case .noPostback: "the publisher has no postback for this conversion's smartlink or offer, and no global one"
        case .disabled(let scope):
            "the \(scope.rawValue) postback is switched off (enabled: false) and nothing else applies"
        case .filtered: "the rules of the postbacks (when, sample) leave this conversion out"
        case .suppressed(let scope): "the \(scope.rawValue) is set to send nothing (suppress: true)"
        }
    }
}
