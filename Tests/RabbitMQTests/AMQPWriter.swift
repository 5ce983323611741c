/// Bytes as AMQP 0-9-1 puts them on the wire.
struct AMQPWriter {
    private(set) var bytes: [UInt8] = []

    init(_ write: (inout AMQPWriter) -> Void = { _ in }) { write(&self) }

    mutating func octet(_ value: UInt8) { bytes.append(value) }
    mutating func short(_ value: UInt16) { number(value) }
    mutating func long(_ value: UInt32) { number(value) }
    mutating func longLong(_ value: UInt64) { number(value) }
    mutating func raw(_ value: [UInt8]) { bytes += value }

    mutating func number(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func shortString(_ text: String) {
        octet(UInt8(text.utf8.count))
        bytes += Array(text.utf8)
    }

    mutating func longString(_ value: [UInt8]) {
        long(UInt32(value.count))
        bytes += value
    }

    mutating func longString(_ text: String) { longString(Array(text.utf8)) }

    /// A field table; each value is its kind and its bytes.
    mutating func table(_ entries: [(String, Character, [UInt8])]) {
        let inner = AMQPWriter { writer in
            for (name, kind, value) in entries {
                writer.shortString(name)
                writer.octet(kind.asciiValue ?? 0)
                writer.raw(value)
            }
        }
        longString(inner.bytes)
    }

    /// A field table that holds nothing but a table that holds nothing but a table, `depth` times. Six bytes a level:
    /// an empty name, the kind, and the length of what is inside.
    mutating func nestedTable(_ depth: Int) {
        for level in (0..<depth).reversed() {
            long(UInt32(level * 6))
            if level > 0 { raw([0, UInt8(ascii: "F")]) }
        }
    }
}

extension [UInt8] {
    /// The value of a text field in a table.
    static func text(_ value: String) -> [UInt8] { AMQPWriter { $0.longString(value) }.bytes }
    static func integer(_ value: some FixedWidthInteger) -> [UInt8] { AMQPWriter { $0.number(value) }.bytes }
}

struct AMQPFrame: Equatable {
    static let method: UInt8 = 1
    static let header: UInt8 = 2
    static let body: UInt8 = 3
    static let heartbeat = AMQPFrame(type: 8, channel: 0, payload: [])

    var type: UInt8
    var channel: UInt16
    var payload: [UInt8]

    static func method(
        _ class: UInt16,
        _ method: UInt16,
        channel: UInt16 = 1,
        _ write: (inout AMQPWriter) -> Void = { _ in }
    ) -> AMQPFrame {
        let payload = AMQPWriter { writer in
            writer.short(`class`)
            writer.short(method)
            write(&writer)
        }
        return AMQPFrame(type: Self.method, channel: channel, payload: payload.bytes)
    }

    /// A content header; `properties` begins with the property flags.
    static func header(size: UInt64, properties: [UInt8] = [0, 0]) -> AMQPFrame {
        let payload = AMQPWriter { writer in
            writer.short(60)
            writer.short(0)
            writer.longLong(size)
            writer.raw(properties)
        }
        return AMQPFrame(type: Self.header, channel: 1, payload: payload.bytes)
    }

    static func body(_ bytes: [UInt8]) -> AMQPFrame { AMQPFrame(type: Self.body, channel: 1, payload: bytes) }

    var encoded: [UInt8] {
        AMQPWriter { writer in
            writer.octet(type)
            writer.short(channel)
            writer.longString(payload)
            writer.octet(0xCE)
        }
        .bytes
    }
}
