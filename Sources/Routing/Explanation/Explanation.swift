/// Which postbacks apply to one conversion, why the others do not, and what would be sent.
package struct Explanation: Sendable, Encodable {
    package let event: EventSummary
    /// False when the routes do not name the publisher; then there is no mode and there are no scopes.
    package let isPublisherKnown: Bool
    package let mode: RouteMode?
    package let modeOrigin: FieldOrigin?
    /// Smartlink, offer, global: the order in which they are asked.
    package let scopes: [ScopeExplanation]
    /// Why there is no delivery at all; nil when there is one.
    package let noRouteReason: NoRouteReason?
    package let deliveries: [DeliveryExplanation]
    /// The file that the lines of postbacks count in.
    package let routesFile: String

    /// Whether at least one delivery would be sent.
    package var sendsSomething: Bool { deliveries.contains { $0.obstacle == nil } }

    /// How the postbacks were found, without what would be sent.
    package var search: Search { Search(explanation: self) }

    package struct Search: Sendable, Encodable {
        fileprivate let explanation: Explanation

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try explanation.encodeSearch(to: &container)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case event, mode, scopes, deliveries
        case isPublisherKnown = "is_publisher_known"
        case modeOrigin = "mode_origin"
        case noRoute = "no_route"
        case routesFile = "routes_file"
        case sendsSomething = "sends_something"
    }

    private struct NoRoute: Encodable {
        let reason: String
        let text: String
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try encodeSearch(to: &container)
        try container.encode(deliveries, forKey: .deliveries)
        try container.encode(sendsSomething, forKey: .sendsSomething)
    }

    private func encodeSearch(to container: inout KeyedEncodingContainer<CodingKeys>) throws {
        try container.encode(event, forKey: .event)
        try container.encode(isPublisherKnown, forKey: .isPublisherKnown)
        try container.encodeIfPresent(mode?.rawValue, forKey: .mode)
        try container.encodeIfPresent(modeOrigin?.word, forKey: .modeOrigin)
        try container.encode(scopes, forKey: .scopes)
        let noRoute = noRouteReason.map { NoRoute(reason: $0.code, text: $0.description) }
        try container.encodeIfPresent(noRoute, forKey: .noRoute)
        try container.encode(routesFile, forKey: .routesFile)
    }
}
