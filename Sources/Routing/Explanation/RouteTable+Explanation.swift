package import Conversion

extension RouteTable {
    /// Explains what `resolve` finds for an event, and what would be sent. For people: it makes many strings.
    package func explain(_ event: ConversionEvent, _ context: ExplanationContext) -> Explanation {
        var resolution = Resolution()
        resolve(event, into: &resolution)
        let storage = event.storage
        let number = publisher(of: event, storage.span)
        var search = RouteSearch(store: store, event: event, resolution: resolution)
        if let number {
            search.mode = store.publishers[number].mode
            for kind in [RouteScope.smartlink, .offer, .global] {
                search.visit(kind, scope(kind, of: number, event, storage.span))
            }
        }
        return Explanation(
            event: EventSummary(event),
            isPublisherKnown: number != nil,
            mode: number.map { store.publishers[$0].mode },
            modeOrigin: number.map { FieldOrigin(store.publishers[$0].modeOrigin) },
            scopes: search.scopes,
            noRouteReason: resolution.noRouteReason,
            deliveries: resolution.postbacks.map { DeliveryExplanation($0, event, context) },
            routesFile: context.routesFile
        )
    }
}
