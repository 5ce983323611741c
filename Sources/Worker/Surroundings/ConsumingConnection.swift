import Logging
package import RabbitMQ

/// Where a lane's messages come from: a consumer on a connection of its own. Confined to the lane's thread.
package protocol ConsumingConnection: AnyObject {
    /// What it is connected to, for the log.
    var place: String { get }

    /// Gives what has arrived to `lane`, at most `limit` messages.
    /// - Returns: true when more may be waiting without the socket saying so.
    func receive(limit: Int, for lane: Lane) throws(AMQPError) -> Bool

    /// Acknowledges one message, or with `multiple` all up to it; sent by `flush`.
    func acknowledge(_ deliveryTag: UInt64, multiple: Bool)

    /// Gives a message back to its queue; sent by `flush`.
    func giveBack(_ deliveryTag: UInt64)

    var hasUnsentAcknowledgements: Bool { get }

    func flush() throws(AMQPError)

    /// No more messages, please; what is under way still arrives.
    func cancel() throws(AMQPError)

    /// It asks for messages; when false, `consume` comes first.
    var isConsuming: Bool { get }

    /// Asks for so many at a time from now on; what is unacknowledged stays.
    func consume(prefetch: Int) throws(AMQPError)

    /// Asks for none until `consume`; what is under way still arrives.
    func pause() throws(AMQPError)

    /// Waits for the broker's answer, and so until it has read every acknowledgement.
    func close()
}

extension Consumer: ConsumingConnection {
    package var place: String { url.masked }

    package func receive(limit: Int, for lane: Lane) throws(AMQPError) -> Bool {
        try receive(limit: limit) { notice in
            lane.logger.debug("notice from the broker: \(notice)")
        } _: { message in
            lane.take(message)
        }
    }

    package func cancel() throws(AMQPError) { try cancel(isAnswered: false) }
}
