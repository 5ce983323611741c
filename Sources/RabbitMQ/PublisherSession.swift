internal import CRabbitMQ
internal import CShims
internal import Glibc

/// One connection of the publisher, with its channel in confirm mode. Confined to the publisher's thread.
@safe final class PublisherSession {
    /// Tells which message came back: `basic.return` has no delivery tag, and confirms do not name the message.
    static let publishIDHeader = "x-postback-publish-id"

    private let connection: Connection
    private var ledger = ConfirmLedger()
    private var pool = unsafe amqp_pool_t()
    private var returning: (reason: String, expected: Int, seen: Int)?
    private(set) var blockedReason: String?

    var descriptor: Int32 { connection.descriptor }
    var unconfirmed: Int { ledger.count }
    var hasBufferedInput: Bool { connection.hasBufferedInput }

    init(to url: BrokerURL, tls: BrokerTLS, name: String) throws(AMQPError) {
        connection = try Connection(to: url, tls: tls, name: name)
        connection.boundWrites(milliseconds: 10_000)
        unsafe amqp_confirm_select(connection.state, Connection.channel)
        try connection.check("asking for publisher confirms")
        unsafe init_amqp_pool(&pool, 4096)
    }

    deinit {
        unsafe empty_amqp_pool(&pool)
    }

    func close() { connection.close() }

    func mayPublish(window: Int) -> Bool {
        blockedReason == nil && ledger.count < window && isWritable
    }

    /// A publish blocks when the socket takes nothing: asked before each, so that at most one message's bytes wait.
    var isWritable: Bool {
        var entry = pollfd(fd: connection.descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&entry, 1, 0) == 1 && entry.revents & Int16(POLLOUT) != 0
    }

    func connectionLost(_ reason: String, _ results: inout [PublishResult]) {
        ledger.lost(reason: reason, into: &results)
    }

    /// Sends one message. One that cannot be encoded is settled here and now; a broken connection throws, and the
    /// message counts as not sent.
    func publish(_ request: PublishRequest, _ results: inout [PublishResult]) throws(AMQPError) {
        let arena = connection.arena
        arena.reset()
        var properties = unsafe amqp_basic_properties_t()
        var entries: [amqp_table_entry_t] = unsafe []
        if unsafe !continued(request, &properties, &entries, arena) {
            unsafe properties._flags = UInt32(AMQP_BASIC_CONTENT_TYPE_FLAG)
            unsafe properties.content_type = unsafe arena.bytes("application/json")
        }
        unsafe entries.append(
            contentsOf: request.headers.compactMap { header in
                unsafe header.value.map { unsafe arena.entry(TableEntry(header.name, $0)) }
            }
        )
        unsafe entries.append(arena.entry(TableEntry(Self.publishIDHeader, .integer(Int64(ledger.nextTag)))))
        unsafe properties.headers = unsafe arena.table(entries)
        unsafe properties.delivery_mode = 2
        unsafe properties._flags |= UInt32(AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG)
        unsafe properties._flags &= ~UInt32(AMQP_BASIC_EXPIRATION_FLAG | AMQP_BASIC_USER_ID_FLAG)

        if request.exchange.utf8.count > 255 || request.routingKey.utf8.count > 255 {
            results.append(PublishResult(token: request.token, outcome: .unencodable("exchange or key over 255 bytes")))
            return
        }
        // Names, kinds and lengths take at most 12 bytes an entry besides what the values hold.
        let headerBytes = unsafe entries.reduce(0) { unsafe $0 + $1.key.len + Self.encodedBytes($1.value) + 12 }
        if unsafe headerBytes > Int(amqp_get_frame_max(connection.state)) - 4096 {
            results.append(
                PublishResult(token: request.token, outcome: .unencodable("\(headerBytes) bytes of headers"))
            )
            return
        }
        let status = unsafe request.body.withUnsafeBytes { body in
            unsafe amqp_basic_publish(
                connection.state,
                Connection.channel,
                arena.bytes(request.exchange),
                arena.bytes(request.routingKey),
                1,
                0,
                &properties,
                amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
            )
        }
        unsafe recycle_amqp_pool(&pool)
        if status != AMQP_STATUS_OK.rawValue {
            throw AMQPError(
                status: status,
                during: "publishing to \(request.exchange.isEmpty ? request.routingKey : request.exchange)"
            )
        }
        ledger.published(token: request.token)
    }

    /// Takes over the properties of the message this one continues.
    private func continued(
        _ request: PublishRequest,
        _ properties: inout amqp_basic_properties_t,
        _ entries: inout [amqp_table_entry_t],
        _ arena: CallArena
    ) -> Bool {
        if request.properties.isEmpty { return false }
        var decoded: UnsafeMutableRawPointer?
        let status = unsafe amqp_decode_properties(60, &pool, arena.bytes(request.properties), &decoded)
        guard status == AMQP_STATUS_OK.rawValue, let decoded = unsafe decoded else { return false }
        unsafe properties = unsafe decoded.assumingMemoryBound(to: amqp_basic_properties_t.self).pointee
        if unsafe properties._flags & UInt32(AMQP_BASIC_HEADERS_FLAG) != 0,
            let start = unsafe properties.headers.entries
        {
            let replaced = request.headers.map { Array($0.name.utf8) } + [Array(Self.publishIDHeader.utf8)]
            for index in unsafe 0..<Int(properties.headers.num_entries) {
                let entry = unsafe start[index]
                let name = unsafe entry.key.buffer
                if unsafe PropertyFilter.allows(name), !replaced.contains(where: { unsafe $0.elementsEqual(name) }) {
                    unsafe entries.append(entry)
                }
            }
        }
        return true
    }

    /// Not recursive: a hostile header is nested deeper than a stack reaches.
    private static func encodedBytes(_ value: amqp_field_value_t) -> Int {
        var total = 0
        var pending = unsafe [value]
        while let next = unsafe pending.popLast() {
            switch unsafe UInt32(next.kind) {
            case AMQP_FIELD_KIND_UTF8.rawValue, AMQP_FIELD_KIND_BYTES.rawValue:
                unsafe total += next.value.bytes.len
            case AMQP_FIELD_KIND_TABLE.rawValue:
                let table = unsafe next.value.table
                for index in unsafe 0..<Int(table.num_entries) {
                    let entry = unsafe table.entries[index]
                    unsafe total += entry.key.len + 12
                    unsafe pending.append(entry.value)
                }
            case AMQP_FIELD_KIND_ARRAY.rawValue:
                let array = unsafe next.value.array
                unsafe pending.append(
                    contentsOf: UnsafeBufferPointer(start: array.entries, count: Int(array.num_entries))
                )
                unsafe total += 12 * Int(array.num_entries)
            default:
                total += 8
            }
        }
        return total
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
                if unsafe entry.key.text == Self.publishIDHeader,
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
