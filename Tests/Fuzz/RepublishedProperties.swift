import CRabbitMQ

@testable import RabbitMQ
@testable import Worker

/// The properties with which a retry or a dead letter continues a message, beside those it came with, both as
/// librabbitmq decodes them: what may go on is there, unchanged and in its order, and nothing else but our headers.
struct RepublishedProperties {
    private var dice: SplitMix64
    private var added: [(name: String, value: FieldValue?)] = []
    private static let publishID: UInt64 = 7
    /// Twice what the fuzzer feeds at most.
    private static let room = 8192

    /// - Parameter input: what our own headers are drawn from.
    init(_ input: [UInt8]) {
        dice = SplitMix64(seed: StableHash.of(input))
        added = draw(["x-postback-route", "x-postback-attempt", "traceparent", "CC", "\u{e9}", ""])
    }

    /// As our writer continues them.
    func written(_ properties: [UInt8]) -> [UInt8] {
        let request = PublishRequest(
            token: 1,
            exchange: "",
            routingKey: "q",
            properties: properties,
            headers: added,
            body: []
        )
        var bytes: [UInt8] = [0xAA]
        PropertyWriter(request: request, publishID: Self.publishID).write(to: &bytes)
        promise(bytes.removeFirst() == 0xAA, "what was there stays")
        return bytes
    }

    mutating func check(_ source: UnsafeMutablePointer<amqp_basic_properties_t>) {
        // The library overlooks lengths that contradict each other, and bytes behind the end. What it writes has none.
        let sound = Self.encoded(source)
        if sound.isEmpty { return }
        let entries = Self.entries(source.pointee)
        // Some of its own names, to be replaced or removed.
        let names = entries.compactMap { String(validating: $0.name, as: UTF8.self) }
        let more = draw(names)
        added += more
        let bytes = written(sound)

        var pool = amqp_pool_t()
        init_amqp_pool(&pool, 16 << 10)
        defer { empty_amqp_pool(&pool) }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        memory.copyBytes(from: bytes)
        defer { memory.deallocate() }
        var decoded: UnsafeMutableRawPointer?
        let all = amqp_bytes_t(len: memory.count, bytes: memory.baseAddress)
        let status = amqp_decode_properties(60, &pool, all, &decoded)
        guard status == AMQP_STATUS_OK.rawValue, let decoded else {
            promise(false, "the library cannot read what was written: \(status), \(bytes)")
            return
        }
        let result = decoded.assumingMemoryBound(to: amqp_basic_properties_t.self)
        promise(Self.encoded(result).count == bytes.count, "nothing stands behind the end: \(bytes)")
        compare(source.pointee, entries, result.pointee)
    }

    private func compare(
        _ source: amqp_basic_properties_t,
        _ entries: [(name: [UInt8], value: [UInt8])],
        _ result: amqp_basic_properties_t
    ) {
        // The lowest bit says that more bits follow, and the library writes none where there are none.
        let flags = source._flags & ~1
        // Bits that no property has: nothing is taken over.
        let isUnknown = flags & 0b10 != 0 || flags > 0xFFFF
        let always = UInt32(AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG)
        let never = UInt32(AMQP_BASIC_EXPIRATION_FLAG | AMQP_BASIC_USER_ID_FLAG)
        let expected = isUnknown ? always | UInt32(AMQP_BASIC_CONTENT_TYPE_FLAG) : flags & ~never | always
        promise(result._flags == expected, "properties \(flags) became \(result._flags)")
        promise(result.delivery_mode == 2, "it is persistent")
        if isUnknown {
            promise(Self.array(result.content_type) == Array("application/json".utf8), "the type of what is ours")
        } else {
            let (one, other) = (Self.plain(source, expected), Self.plain(result, expected))
            promise(one == other, "\(one) became \(other)")
        }
        var names = added.map { Array($0.name.utf8) }
        names.append(Array("x-postback-publish-id".utf8))
        let kept = isUnknown ? [] : entries.filter { !names.contains($0.name) && !Self.isRefused($0.name) }
        let ours = added.compactMap { header in header.value.map { (Array(header.name.utf8), Self.encoded($0)) } }
        let id = (names[names.count - 1], Self.encoded(.integer(Int64(Self.publishID))))
        let wanted = (kept.map { ($0.name, $0.value) } + ours + [id]).map { $0.0 + [0] + $0.1 }
        let found = Self.entries(result).map { $0.name + [0] + $0.value }
        promise(wanted == found, "headers \(found) where there should be \(wanted)")
    }

    /// All but the headers and how it is kept.
    private static func plain(_ properties: amqp_basic_properties_t, _ flags: UInt32) -> [[UInt8]] {
        func text(_ flag: Int32, _ bytes: amqp_bytes_t) -> [UInt8] { flags & UInt32(flag) == 0 ? [] : array(bytes) }
        return [
            text(AMQP_BASIC_CONTENT_TYPE_FLAG, properties.content_type),
            text(AMQP_BASIC_CONTENT_ENCODING_FLAG, properties.content_encoding),
            text(AMQP_BASIC_CORRELATION_ID_FLAG, properties.correlation_id),
            text(AMQP_BASIC_REPLY_TO_FLAG, properties.reply_to),
            text(AMQP_BASIC_MESSAGE_ID_FLAG, properties.message_id),
            text(AMQP_BASIC_TYPE_FLAG, properties.type),
            text(AMQP_BASIC_APP_ID_FLAG, properties.app_id),
            text(AMQP_BASIC_CLUSTER_ID_FLAG, properties.cluster_id),
            flags & UInt32(AMQP_BASIC_PRIORITY_FLAG) == 0 ? [] : [properties.priority],
            flags & UInt32(AMQP_BASIC_TIMESTAMP_FLAG) == 0 ? [] : Array("\(properties.timestamp)".utf8),
        ]
    }

    /// What may not be published again (README, dead letters), said in another way than by the worker.
    private static func isRefused(_ name: [UInt8]) -> Bool {
        ["CC", "BCC", "x-delivery-count", "x-acquired-count", "x-opt-delivery-time"].contains { name == Array($0.utf8) }
            || ["x-death", "x-first-death-", "x-last-death-", "x-stream-"].contains { name.starts(with: $0.utf8) }
    }

    /// As the library writes them; nothing when it cannot.
    private static func encoded(_ properties: UnsafeMutablePointer<amqp_basic_properties_t>) -> [UInt8] {
        var room = [UInt8](repeating: 0, count: Self.room)
        let length = room.withUnsafeMutableBytes { room in
            amqp_encode_properties(60, properties, amqp_bytes_t(len: room.count, bytes: room.baseAddress))
        }
        return Array(room.prefix(max(0, Int(length))))
    }

    private static func array(_ bytes: amqp_bytes_t) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len))
    }

    /// The headers' names, and their values with their kinds, as the library writes them.
    private static func entries(_ properties: amqp_basic_properties_t) -> [(name: [UInt8], value: [UInt8])] {
        guard properties._flags & UInt32(AMQP_BASIC_HEADERS_FLAG) != 0 else { return [] }
        return (0..<Int(properties.headers.num_entries)).map { index in
            let name = array(properties.headers.entries[index].key)
            var table = amqp_table_t(num_entries: 1, entries: properties.headers.entries + index)
            var room = [UInt8](repeating: 0, count: Self.room)
            var end = 0
            let status = room.withUnsafeMutableBytes { room in
                amqp_encode_table(amqp_bytes_t(len: room.count, bytes: room.baseAddress), &table, &end)
            }
            promise(status == AMQP_STATUS_OK.rawValue, "the library cannot write what it has read")
            return (name, Array(room[(5 + name.count)..<end]))
        }
    }

    // MARK: Our own headers

    /// Some of the names, each once, with values by chance.
    private mutating func draw(_ names: [String]) -> [(name: String, value: FieldValue?)] {
        var drawn: [(name: String, value: FieldValue?)] = []
        for name in names where Int.random(in: 0..<3, using: &dice) == 0 {
            let isThere = (added + drawn).contains { $0.name.utf8.elementsEqual(name.utf8) }
            if !isThere { drawn.append((name, value())) }
        }
        return drawn
    }

    private mutating func value() -> FieldValue? {
        switch Int.random(in: 0..<7, using: &dice) {
        case 0: .text("t\u{e4}xt")
        case 1: .bytes([0, 255, 0x22])
        case 2: .integer(Int64(bitPattern: dice.next()))
        case 3: .boolean(dice.next() % 2 == 0)
        case 4: .timestamp(seconds: dice.next())
        case 5: .table([TableEntry("a", .integer(-1)), TableEntry("", .table([]))])
        default: nil
        }
    }

    /// A value with its kind (RabbitMQ's AMQP 0-9-1 errata).
    private static func encoded(_ value: FieldValue) -> [UInt8] {
        func number(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        func long(_ bytes: [UInt8]) -> [UInt8] { number(UInt32(bytes.count)) + bytes }
        return switch value {
        case .text(let text): Array("S".utf8) + long(Array(text.utf8))
        case .bytes(let bytes): Array("S".utf8) + long(bytes)
        case .integer(let value): Array("l".utf8) + number(value)
        case .boolean(let value): Array("t".utf8) + [value ? 1 : 0]
        case .timestamp(let seconds): Array("T".utf8) + number(seconds)
        case .table(let entries):
            Array("F".utf8)
                + long(
                    entries.flatMap { entry in
                        [UInt8(entry.name.utf8.count)] + Array(entry.name.utf8) + encoded(entry.value)
                    }
                )
        }
    }
}
