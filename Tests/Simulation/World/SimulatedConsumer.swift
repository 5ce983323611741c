import EventLoop
import RabbitMQ
import Worker

/// The lane's end of its consuming connection.
final class SimulatedConsumer: ConsumingConnection {
    private enum Answer {
        case acknowledge(UInt64, multiple: Bool)
        case giveBack(UInt64)
    }

    let channel: BrokerChannel
    private let world: World
    private var unsent: [Answer] = []
    private var isClosed = false
    /// Asked for no more for good.
    private var isDraining = false
    private(set) var isConsuming: Bool

    init(_ channel: BrokerChannel, in world: World) {
        self.channel = channel
        self.world = world
        isConsuming = !channel.isCancelled
    }

    /// Nobody holds it any more: the socket is closed, and the broker finds out.
    deinit { if !isClosed { hangUp() } }

    let place = "simulated"
    var hasUnsentAcknowledgements: Bool { !unsent.isEmpty }

    func receive(limit: Int, for lane: Lane) throws(AMQPError) -> Bool {
        var count = 0
        while !channel.inbox.isEmpty, count < limit {
            switch channel.inbox.removeFirst() {
            case .delivery(let message, let tag, let redelivered):
                count += 1
                channel.taken.insert(tag)
                world.oracle.taken(message, by: channel.lane)
                world.trace.note("taken", channel.lane, message.number, message.serial, Int(tag))
                lane.take(
                    tag: tag,
                    redelivered: redelivered,
                    returns: world.planted == .unpardoned ? poisonOnly(message.returns) : message.returns,
                    properties: message.token,
                    headers: PostbackHeaders(message.headers),
                    body: message.body
                )
            case .cancelled: throw AMQPError(.consumerCancelled, "the broker cancelled the consumer")
            case .closed(let error): throw error
            }
        }
        if channel.inbox.isEmpty, channel.isBroken { throw AMQPError(.connectionLost, "the connection broke") }
        return !channel.inbox.isEmpty
    }

    private func poisonOnly(_ returns: Int) -> Int { returns < DeadLetterGrounds.poison ? 0 : returns }

    func acknowledge(_ deliveryTag: UInt64, multiple: Bool) {
        unsent.append(.acknowledge(deliveryTag, multiple: multiple))
    }

    func giveBack(_ deliveryTag: UInt64) { unsent.append(.giveBack(deliveryTag)) }

    func flush() throws(AMQPError) {
        let answers = unsent
        unsent = []
        if isDraining, world.planted == .unflushedDrain { return }
        if channel.isBroken { throw AMQPError(.connectionLost, "acknowledging: broken pipe") }
        let (channel, broker) = (channel, world.broker)
        for answer in answers {
            channel.up.send {
                switch answer {
                case .acknowledge(let tag, let multiple): broker.acknowledge(tag, multiple: multiple, on: channel)
                case .giveBack(let tag): broker.giveBack(tag, on: channel)
                }
            }
        }
    }

    func consume(prefetch: Int) throws(AMQPError) {
        if channel.isBroken { throw AMQPError(.connectionLost, "consuming: broken pipe") }
        isConsuming = true
        let (channel, broker) = (channel, world.broker)
        channel.up.send {
            channel.consume(prefetch: prefetch)
            broker.dispatch()
        }
    }

    func pause() throws(AMQPError) {
        if isConsuming { try stopConsuming() }
        isConsuming = false
    }

    func cancel() throws(AMQPError) {
        isDraining = true
        try stopConsuming()
    }

    private func stopConsuming() throws(AMQPError) {
        if channel.isBroken { throw AMQPError(.connectionLost, "cancelling the consumer: broken pipe") }
        let channel = channel
        channel.up.send { channel.isCancelled = true }
    }

    func close() {
        isClosed = true
        channel.isDrained = true
        hangUp()
    }

    /// What was sent before is read first.
    private func hangUp() {
        let (channel, broker) = (channel, world.broker)
        channel.onArrival = {}
        channel.up.send { broker.close(channel) }
    }
}

extension PostbackHeaders {
    /// As librabbitmq would show them.
    init(_ headers: [TableEntry]) {
        var reading = Reading()
        for header in headers {
            Array(header.name.utf8).withUnsafeBytes { name in
                switch header.value {
                case .text(let text): Array(text.utf8).withUnsafeBytes { reading.take(name, .bytes($0)) }
                case .bytes(let bytes): bytes.withUnsafeBytes { reading.take(name, .bytes($0)) }
                case .integer(let number): reading.take(name, .integer(number))
                case .boolean(let flag): reading.take(name, .boolean(flag))
                case .timestamp(let seconds): reading.take(name, .integer(Int64(clamping: seconds)))
                case .table: reading.take(name, .other)
                }
            }
        }
        self = reading.headers
    }
}
