package import Routing
internal import Synchronization

/// The routes on their way from whoever loaded them to the lanes.
package final class FirstRoutes: Sendable {
    private let table: Mutex<RouteTable?>
    /// How many postbacks can be sent.
    package let postbackCount: Int

    package init(_ table: RouteTable) {
        postbackCount = table.postbackCount
        self.table = Mutex(table)
    }

    /// The routes, which are not here any more then; an empty table from the second time on.
    func take() -> RouteTable {
        table.withLock { $0.take() } ?? .empty
    }
}
