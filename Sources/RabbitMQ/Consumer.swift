internal import CRabbitMQ
internal import CShims
internal import Glibc

/// Takes messages from one queue and acknowledges them. Never publishes: a connection that never published keeps
/// acknowledging through a memory or disk alarm (PLUMBING 1.5). Confined to the loop's thread once it is there.
@safe package final class Consumer {
    private let connection: Connection
    private let queue: String
    private let name: String
    private var tag: String
    private var generation = 0
    private var deliveryTag: UInt64 = 0
    private var redelivered = false
    private var isInMessage = false
    private var expected = 0
    private var properties: UnsafePointer<amqp_basic_properties_t>?
    private var encodedProperties = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
    private var assembled: [UInt8] = []
    private var acknowledgements: [UInt8] = []
    /// The broker has answered a `cancel(isAnswered: true)`, and with it taken every acknowledgement before it.
    package private(set) var isCancelled = false

    /// The broker was asked for messages, and not to stop since.
    package private(set) var isConsuming = false

    /// Sets the prefetch and starts consuming; blocks for the broker's answers.
    /// - Parameters:
    ///   - prefetch: 0 does not consume yet.
    ///   - arguments: of `basic.consume`, such as `x-stream-offset` for a stream.
    package init(
        on connection: Connection,
        queue: String,
        prefetch: Int,
        tag: String,
        arguments: [TableEntry] = []
    ) throws(AMQPError) {
        self.connection = connection
        self.queue = queue
        self.tag = tag
        name = tag
        if prefetch == 0 { return }
        let arena = connection.arena
        arena.reset()
        unsafe amqp_basic_qos(connection.state, Connection.channel, 0, UInt16(clamping: prefetch), 0)
        try connection.check("setting the prefetch")
        unsafe amqp_basic_consume(
            connection.state,
            Connection.channel,
            arena.bytes(queue),
            arena.bytes(tag),
            0,
            0,
            0,
            arena.table(arguments.map { unsafe arena.entry($0) })
        )
        try connection.check("consuming from \(queue)")
        isConsuming = true
    }

    /// Consumes with another prefetch from now on, without waiting for the broker. What is unacknowledged stays with us:
    /// the end of a consumer takes nothing back, only that of its channel does.
    package func consume(prefetch: Int) throws(AMQPError) {
        try pause()
        let arena = connection.arena
        arena.reset()
        var qos = amqp_basic_qos_t(prefetch_size: 0, prefetch_count: UInt16(clamping: prefetch), global: 0)
        var status = unsafe amqp_send_method(
            connection.state,
            Connection.channel,
            UInt32(AMQP_BASIC_QOS_METHOD),
            &qos
        )
        if status != AMQP_STATUS_OK.rawValue { throw AMQPError(status: status, during: "setting the prefetch") }
        generation += 1
        tag = "\(name) #\(generation)"
        var consume = unsafe amqp_basic_consume_t(
            ticket: 0,
            queue: arena.bytes(queue),
            consumer_tag: arena.bytes(tag),
            no_local: 0,
            no_ack: 0,
            exclusive: 0,
            nowait: 1,
            arguments: amqp_empty_table
        )
        status = unsafe amqp_send_method(
            connection.state,
            Connection.channel,
            UInt32(AMQP_BASIC_CONSUME_METHOD),
            &consume
        )
        if status != AMQP_STATUS_OK.rawValue { throw AMQPError(status: status, during: "consuming from \(queue)") }
        isConsuming = true
    }

    /// No more messages until `consume`; what is under way still arrives.
    package func pause() throws(AMQPError) {
        if isConsuming { try cancel() }
        isConsuming = false
    }

    package var descriptor: Int32 { connection.descriptor }
    package var url: BrokerURL { connection.url }

    /// Reads what has arrived, at most `limit` messages, and gives each to `take`.
    /// - Returns: true when more may be waiting inside the library: come back without waiting for the socket.
    package func receive(
        limit: Int,
        onNotice: (BrokerNotice) -> Void,
        _ take: (borrowing IncomingMessage) -> Void
    ) throws(AMQPError) -> Bool {
        var frame = unsafe amqp_frame_t()
        var count = 0
        while count < limit {
            guard unsafe try connection.nextFrame(&frame) else { return false }
            switch unsafe Int32(frame.frame_type) {
            case AMQP_FRAME_METHOD:
                if unsafe frame.payload.method.id == UInt32(AMQP_BASIC_DELIVER_METHOD) {
                    unsafe begin(frame.payload.method)
                } else if unsafe frame.payload.method.id == UInt32(AMQP_BASIC_CANCEL_OK_METHOD) {
                    isCancelled = true
                } else if let notice = unsafe try connection.notice(frame.payload.method) {
                    if notice == .consumerCancelled {
                        throw AMQPError(
                            .consumerCancelled,
                            "the broker cancelled the consumer: its queue was deleted or moved"
                        )
                    }
                    onNotice(notice)
                }
            case AMQP_FRAME_HEADER where isInMessage:
                unsafe properties = unsafe UnsafePointer(
                    frame.payload.properties.decoded?.assumingMemoryBound(to: amqp_basic_properties_t.self)
                )
                unsafe encodedProperties = unsafe frame.payload.properties.raw.buffer
                expected = unsafe Int(clamping: frame.payload.properties.body_size)
                if expected == 0 {
                    unsafe finish(UnsafeRawBufferPointer(start: nil, count: 0), take)
                    count += 1
                }
            case AMQP_FRAME_BODY where isInMessage:
                let fragment = unsafe frame.payload.body_fragment.buffer
                if assembled.isEmpty, fragment.count >= expected {
                    unsafe finish(fragment, take)
                    count += 1
                } else {
                    unsafe assembled.append(contentsOf: fragment)
                    if assembled.count >= expected {
                        unsafe assembled.withUnsafeBytes { unsafe finish($0, take) }
                        assembled.removeAll(keepingCapacity: assembled.capacity < 1 << 20)
                        count += 1
                    }
                }
            default:
                break  // heartbeats, and the rest of a message nobody asked for
            }
        }
        // Stopped by the limit: the socket may hold more, and an edge-triggered watch will not tell again.
        return true
    }

    private func begin(_ method: amqp_method_t) {
        guard let decoded = unsafe method.decoded else { return }
        let deliver = unsafe decoded.assumingMemoryBound(to: amqp_basic_deliver_t.self)
        deliveryTag = unsafe deliver.pointee.delivery_tag
        redelivered = unsafe deliver.pointee.redelivered != 0
        isInMessage = true
        assembled.removeAll(keepingCapacity: true)
    }

    private func finish(_ body: UnsafeRawBufferPointer, _ take: (borrowing IncomingMessage) -> Void) {
        isInMessage = false
        if let properties = unsafe properties {
            unsafe take(
                IncomingMessage(
                    deliveryTag: deliveryTag,
                    redelivered: redelivered,
                    body: body,
                    encodedProperties: encodedProperties,
                    properties: properties
                )
            )
        }
        unsafe properties = nil
        connection.releaseFrames()
    }

    /// Acknowledges one message, or with `multiple` all up to it. Buffered until `flush`.
    package func acknowledge(_ deliveryTag: UInt64, multiple: Bool) {
        appendFrame(method: UInt16(80), deliveryTag, flags: multiple ? 1 : 0)
    }

    /// Gives a message back to its queue. Buffered until `flush`.
    package func giveBack(_ deliveryTag: UInt64) {
        appendFrame(method: UInt16(120), deliveryTag, flags: 2)
    }

    /// The frame of `basic.ack` (60, 80) or `basic.nack` (60, 120): both are a tag and one byte of flags
    /// (AMQP 0-9-1 section 1.8.3.13, and RabbitMQ's extension). Encoded here because the library sends each with a
    /// system call of its own.
    private func appendFrame(method: UInt16, _ tag: UInt64, flags: UInt8) {
        let start = acknowledgements.beginFrame(.method)
        acknowledgements.appendNumber(UInt16(60))
        acknowledgements.appendNumber(method)
        acknowledgements.appendNumber(tag)
        acknowledgements.append(flags)
        acknowledgements.endFrame(start)
    }

    package var hasUnsentAcknowledgements: Bool { !acknowledgements.isEmpty }

    /// Sends the buffered acknowledgements: in one write over plain TCP, through the library over TLS.
    package func flush() throws(AMQPError) {
        if acknowledgements.isEmpty { return }
        defer { acknowledgements.removeAll(keepingCapacity: true) }
        if connection.takesOwnFrames {
            // The broker always reads a connection that only consumes; this bounds a network that does not.
            try connection.send(acknowledgements, patience: 5000, during: "acknowledging")
        } else {
            try sendThroughLibrary()
        }
    }

    private func sendThroughLibrary() throws(AMQPError) {
        for start in stride(from: 0, to: acknowledgements.count, by: 21) {
            let tag = acknowledgements[(start + 11)..<(start + 19)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let flags = acknowledgements[start + 19]
            let status =
                unsafe acknowledgements[start + 10] == 80
                ? amqp_basic_ack(connection.state, Connection.channel, tag, Int32(flags & 1))
                : amqp_basic_nack(connection.state, Connection.channel, tag, 0, 1)
            if status != AMQP_STATUS_OK.rawValue { throw AMQPError(status: status, during: "acknowledging") }
        }
    }

    /// Asks the broker for no more messages, without waiting for its answer: what is under way still arrives.
    /// - Parameter isAnswered: the broker is to answer; `receive` then makes `isCancelled` true.
    package func cancel(isAnswered: Bool = false) throws(AMQPError) {
        connection.arena.reset()
        var method = unsafe amqp_basic_cancel_t(consumer_tag: connection.arena.bytes(tag), nowait: isAnswered ? 0 : 1)
        let status = unsafe amqp_send_method(
            connection.state,
            Connection.channel,
            UInt32(AMQP_BASIC_CANCEL_METHOD),
            &method
        )
        if status != AMQP_STATUS_OK.rawValue { throw AMQPError(status: status, during: "cancelling the consumer") }
    }

    /// Tells the broker that we are there, for whoever leaves what has arrived unread for a while.
    package func sendHeartbeat() throws(AMQPError) { try connection.sendHeartbeat() }

    package func close() { connection.close() }
}
