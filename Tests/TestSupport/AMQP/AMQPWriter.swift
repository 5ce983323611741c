/// Encodes what AMQP 0-9-1 sends (sections 4.2.5 and 2.3.5).
struct AMQPWriter {
    private(set) var bytes: [UInt8] = []

    init() {}

    mutating func number(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    /// At most 255 bytes.
    mutating func shortText(_ text: String) {
        number(UInt8(clamping: text.utf8.count))
        raw(text.utf8.prefix(255))
    }

    mutating func longBytes(_ value: some Collection<UInt8>) {
        number(UInt32(value.count))
        raw(value)
    }

    mutating func table(_ fields: [AMQPField]) {
        var inner = AMQPWriter()
        for field in fields {
            inner.shortText(field.name)
            inner.value(field.value)
        }
        longBytes(inner.bytes)
    }

    private mutating func value(_ value: AMQPValue) {
        switch value {
        case .boolean(let flag): tagged("t") { $0.number(UInt8(flag ? 1 : 0)) }
        case .byte(let number): tagged("b") { $0.number(number) }
        case .short(let number): tagged("s") { $0.number(number) }
        case .int(let number): tagged("I") { $0.number(number) }
        case .long(let number): tagged("l") { $0.number(number) }
        case .double(let number): tagged("d") { $0.number(number.bitPattern) }
        case .text(let text): tagged("S") { $0.longBytes(Array(text.utf8)) }
        case .bytes(let bytes): tagged("x") { $0.longBytes(bytes) }
        case .timestamp(let seconds): tagged("T") { $0.number(seconds) }
        case .table(let fields): tagged("F") { $0.table(fields) }
        case .deep(let bytes): tagged("F") { $0.longBytes(bytes) }
        case .void: tagged("V") { _ in }
        case .array(let values):
            tagged("A") { writer in
                var inner = AMQPWriter()
                for value in values { inner.value(value) }
                writer.longBytes(inner.bytes)
            }
        }
    }

    private mutating func tagged(_ kind: Unicode.Scalar, _ write: (inout AMQPWriter) -> Void) {
        number(UInt8(ascii: kind))
        write(&self)
    }

    /// A whole frame of this type on channel 1, or 0.
    static func frame(_ type: UInt8, channel: UInt16, _ payload: [UInt8]) -> [UInt8] {
        var writer = AMQPWriter()
        writer.number(type)
        writer.number(channel)
        writer.longBytes(payload)
        writer.number(UInt8(0xCE))
        return writer.bytes
    }
}
