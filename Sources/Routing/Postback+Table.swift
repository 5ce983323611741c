extension Postback {
    /// Whether this postback is part of that snapshot, so that its `destinationIndex` counts there.
    package func isOf(_ table: RouteTable) -> Bool { store === table.store }
}
