internal import CRabbitMQ
internal import CShims
internal import Glibc

/// One connection of the publisher, with its channel in confirm mode. Confined to the publisher's thread.
@safe final class PublisherSession {
    /// Milliseconds without progress in the middle of a message after which the connection counts as broken.
    private static let patience: Int32 = 10_000

    private let connection: Connection
    private var ledger = ConfirmLedger()
    private var batch: PublicationBatch
    private var pool = unsafe amqp_pool_t()
    private var returning: (reason: String, expected: Int, seen: Int)?
    private(set) var blockedReason: String?

    var descriptor: Int32 { connection.descriptor }
    var hasBufferedInput: Bool { connection.hasBufferedInput }

    init(to url: BrokerURL, tls: BrokerTLS, name: String) throws(AMQPError) {
        connection = try Connection(to: url, tls: tls, name: name)
        batch = PublicationBatch(largestFrame: connection.largestFrame)
        connection.boundWrites(milliseconds: UInt32(Self.patience))
        unsafe amqp_confirm_select(connection.state, Connection.channel)
        try connection.check("asking for publisher confirms")
        unsafe init_amqp_pool(&pool, 4096)
    }

    deinit {
        unsafe empty_amqp_pool(&pool)
    }

    func close() { connection.close() }

    /// What is under way once all is sent that was taken.
    var outstanding: Int { ledger.count + batch.count }
    /// Messages wait for the socket to take them.
    var wantsToWrite: Bool { !batch.isEmpty && blockedReason == nil }

    /// Whether `add` may be called: there is room in the window and in the batch, and the broker takes messages.
    func mayAdd(window: Int) -> Bool { blockedReason == nil && outstanding < window && !batch.isFull }

    /// Takes a message into the batch that `send` sends. One that cannot be encoded is settled here and now.
    func add(_ request: PublishRequest, _ results: inout [PublishResult]) {
        if let reason = batch.append(request, publishID: ledger.nextTag + UInt64(batch.count)) {
            results.append(PublishResult(token: request.token, outcome: .unencodable(reason)))
        }
    }

    /// Sends of the batch what the socket takes. Waits only within a message, since nothing else may be written there.
    func send() throws(AMQPError) {
        // Asked before each batch: room for a third of the socket's buffer, so that hardly ever a part of it is left.
        while wantsToWrite, batch.isWithinMessage || isWritable {
            if !connection.takesOwnFrames {
                try sendThroughLibrary()
                continue
            }
            let count = try connection.sendSome(batch.bytes, from: batch.sent, during: "publishing")
            batch.took(count) { token in ledger.published(token: token) }
            if count == 0 {
                if !batch.isWithinMessage { return }
                try connection.awaitRoom(patience: Self.patience, during: "publishing")
            }
        }
    }

    /// The oldest message of the batch, as the library sends it: three writes, each a record of TLS.
    private func sendThroughLibrary() throws(AMQPError) {
        guard let (request, properties) = batch.first else { return }
        var status = sendThroughLibrary(request, properties)
        if status == nil {
            // Of a kind that the library does not know: ours alone, or it would be tried for ever.
            var bare = request
            bare.properties = []
            var encoded: [UInt8] = []
            PropertyWriter(request: bare, publishID: ledger.nextTag).write(to: &encoded)
            status = sendThroughLibrary(bare, encoded[...])
        }
        let end = status ?? AMQP_STATUS_BAD_AMQP_DATA.rawValue
        if end != AMQP_STATUS_OK.rawValue { throw AMQPError(status: end, during: "publishing") }
        batch.tookFirst { token in ledger.published(token: token) }
    }

    /// - Returns: the library's status; nil when it cannot read the properties, and nothing was sent.
    private func sendThroughLibrary(_ request: PublishRequest, _ properties: ArraySlice<UInt8>) -> Int32? {
        let arena = connection.arena
        arena.reset()
        defer { unsafe recycle_amqp_pool(&pool) }
        return unsafe properties.withUnsafeBytes { properties -> Int32? in
            var decoded: UnsafeMutableRawPointer?
            let bytes = unsafe amqp_bytes_t(
                len: properties.count,
                bytes: UnsafeMutableRawPointer(mutating: properties.baseAddress)
            )
            guard unsafe amqp_decode_properties(60, &pool, bytes, &decoded) == AMQP_STATUS_OK.rawValue,
                let decoded = unsafe decoded
            else { return nil }
            return unsafe request.body.withUnsafeBytes { body in
                unsafe amqp_basic_publish(
                    connection.state,
                    Connection.channel,
                    arena.bytes(request.exchange),
                    arena.bytes(request.routingKey),
                    1,
                    0,
                    decoded.assumingMemoryBound(to: amqp_basic_properties_t.self),
                    amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
                )
            }
        }
    }

    private var isWritable: Bool {
        var entry = pollfd(fd: connection.descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&entry, 1, 0) == 1 && entry.revents & Int16(POLLOUT) != 0
    }

    /// The connection is gone: what was sent is unknown.
    /// - Returns: what was not sent, or not whole, so that the broker cannot have it; oldest first.
    func connectionLost(_ reason: String, _ results: inout [PublishResult]) -> [PublishRequest] {
        ledger.lost(reason: reason, into: &results)
        return batch.takeBack()
    }

    /// Reads all answers that are there.
    func read(_ results: inout [PublishResult]) throws(AMQPError) {
        var frame = unsafe amqp_frame_t()
        while unsafe try connection.nextFrame(&frame) {
            switch unsafe Int32(frame.frame_type) {
            case AMQP_FRAME_METHOD: unsafe try method(frame.payload.method, &results)
            case AMQP_FRAME_HEADER: unsafe returnedHeader(frame)
            case AMQP_FRAME_BODY: unsafe returnedBody(frame.payload.body_fragment.len)
            default: break
            }
            if returning == nil { connection.releaseFrames() }
        }
    }

    private func method(_ method: amqp_method_t, _ results: inout [PublishResult]) throws(AMQPError) {
        switch unsafe method.id {
        case UInt32(AMQP_BASIC_ACK_METHOD):
            guard let decoded = unsafe method.decoded else { return }
            let ack = unsafe decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
            ledger.answered(tag: ack.delivery_tag, multiple: ack.multiple != 0, positively: true, into: &results)
        case UInt32(AMQP_BASIC_NACK_METHOD):
            guard let decoded = unsafe method.decoded else { return }
            let nack = unsafe decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
            ledger.answered(tag: nack.delivery_tag, multiple: nack.multiple != 0, positively: false, into: &results)
        case UInt32(AMQP_BASIC_RETURN_METHOD):
            guard let decoded = unsafe method.decoded else { return }
            let back = unsafe decoded.assumingMemoryBound(to: amqp_basic_return_t.self).pointee
            let target = unsafe back.exchange.len == 0 ? "queue" : unsafe "exchange \(back.exchange.text), key"
            returning = (unsafe "\(back.reply_text.text): \(target) \(back.routing_key.text)", 0, 0)
        default:
            switch unsafe try connection.notice(method) {
            case .blocked(let reason): blockedReason = reason
            case .unblocked: blockedReason = nil
            case .consumerCancelled, nil: break
            }
        }
    }

    private func returnedHeader(_ frame: amqp_frame_t) {
        guard let reason = returning?.reason else { return }
        let properties = unsafe frame.payload.properties.decoded?.assumingMemoryBound(to: amqp_basic_properties_t.self)
            .pointee
        if let headers = unsafe properties?.headers,
            unsafe properties.map({ unsafe $0._flags & UInt32(AMQP_BASIC_HEADERS_FLAG) != 0 }) == true
        {
            for index in unsafe 0..<Int(headers.num_entries) {
                let entry = unsafe headers.entries[index]
                if unsafe entry.key.text == PropertyWriter.publishIDHeader,
                    case .integer(let tag) = unsafe IncomingMessage.Value(entry.value)
                {
                    ledger.returned(tag: UInt64(clamping: tag), reason: reason)
                }
            }
        }
        let size = unsafe Int(clamping: frame.payload.properties.body_size)
        returning = size == 0 ? nil : (reason, size, 0)
    }

    private func returnedBody(_ count: Int) {
        guard var message = returning else { return }
        message.seen += count
        returning = message.seen >= message.expected ? nil : message
    }
}
