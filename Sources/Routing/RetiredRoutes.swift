/// A table that was replaced. Deliveries under way and loops that have not turned yet still use it, and whoever lets go of it
/// last frees it all, which takes long for a million routes: so somebody who has the time keeps it until nobody else does.
package struct RetiredRoutes: Sendable {
    private var table: RouteTable?
    private var store: RouteStore

    package init(_ table: RouteTable) {
        self.table = table
        store = table.store
    }

    /// Whether nobody else refers to the table or a postback of it; nobody can any more then.
    package mutating func isUnused() -> Bool {
        if table != nil {
            guard isKnownUniquelyReferenced(&table) else { return false }
            table = nil
        }
        return isKnownUniquelyReferenced(&store)
    }
}
