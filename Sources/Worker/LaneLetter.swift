package import RabbitMQ
package import Routing

/// What reaches a lane's loop from other threads.
package enum LaneLetter: Sendable {
    /// A new snapshot of the routes.
    case routes(RouteTable)
    /// The connector is done.
    case connected(ConnectedConsumer)
    case notConnected(AMQPError)
    case published([PublishResult])
    case publisher(Publisher.State)
    /// Which routes fail or are paused.
    case pauses(PauseSnapshot)
    /// Messages that another lane of this process had in hand when it lost the broker: hashes of their bodies.
    case pardoned([UInt64])
    /// Stop taking messages, finish, end.
    case drain
}

/// A consumer on its way from the thread that connected it to the loop that keeps it.
///
/// `@unchecked Sendable`: the connector's thread ends with the hand-over and keeps no reference, so that one thread at
/// a time touches the connection.
package struct ConnectedConsumer: @unchecked Sendable {
    let consumer: any ConsumingConnection

    package init(consumer: any ConsumingConnection) { self.consumer = consumer }
}
