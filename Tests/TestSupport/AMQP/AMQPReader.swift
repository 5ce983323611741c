/// Takes apart what AMQP 0-9-1 sends.
struct AMQPReader {
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private var position = 0
    /// Nested tables deeper than this stay bytes: a test wants to look at hostile ones too.
    private static let depthLimit = 16

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }
    var rest: [UInt8] { Array(bytes[position...]) }

    mutating func take(_ count: Int) throws(Malformed) -> [UInt8] {
        guard count >= 0, position + count <= bytes.count else { throw Malformed() }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(Malformed) -> Number {
        try take(Number.bitWidth / 8).reduce(Number(0)) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    mutating func shortText() throws(Malformed) -> String {
        let count = Int(try number(UInt8.self))
        return String(decoding: try take(count), as: UTF8.self)
    }

    mutating func longBytes() throws(Malformed) -> [UInt8] {
        let count = Int(try number(UInt32.self))
        return try take(count)
    }

    mutating func table(depth: Int = 0) throws(Malformed) -> [AMQPField] {
        var inner = AMQPReader(try longBytes())
        var fields: [AMQPField] = []
        while !inner.isAtEnd {
            let name = try inner.shortText()
            fields.append(AMQPField(name, try inner.value(depth: depth)))
        }
        return fields
    }

    private mutating func value(depth: Int) throws(Malformed) -> AMQPValue {
        switch Unicode.Scalar(try number(UInt8.self)) {
        case "t": return .boolean(try number(UInt8.self) != 0)
        case "b": return .byte(try number())
        case "B": return .short(Int16(try number(UInt8.self)))
        case "s": return .short(try number())
        case "u": return .int(Int32(try number(UInt16.self)))
        case "I": return .int(try number())
        case "i": return .long(Int64(try number(UInt32.self)))
        case "l": return .long(try number())
        case "f": return .double(Double(Float(bitPattern: try number())))
        case "d": return .double(Double(bitPattern: try number()))
        case "D": return .bytes(try take(5))
        case "S": return .text(String(decoding: try longBytes(), as: UTF8.self))
        case "x": return .bytes(try longBytes())
        case "T": return .timestamp(try number())
        case "V": return .void
        case "F":
            if depth >= Self.depthLimit { return .deep(try longBytes()) }
            return .table(try table(depth: depth + 1))
        case "A":
            var inner = AMQPReader(try longBytes())
            if depth >= Self.depthLimit { return .deep(inner.rest) }
            var values: [AMQPValue] = []
            while !inner.isAtEnd { values.append(try inner.value(depth: depth + 1)) }
            return .array(values)
        default: throw Malformed()
        }
    }
}
