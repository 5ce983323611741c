/// Walks over encoded AMQP fields. Pure; past the end every question is answered with nil.
struct FieldReader {
    private let bytes: ArraySlice<UInt8>
    /// An index of the slice.
    private(set) var position: Int

    init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position >= bytes.endIndex }

    /// No bytes, at the place where we are.
    var nothing: ArraySlice<UInt8>? { bytes[position..<position] }

    mutating func raw(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.endIndex - position else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type) -> Number? {
        guard Number.bitWidth / 8 <= bytes.endIndex - position else { return nil }
        var value: Number = 0
        for index in position..<position + Number.bitWidth / 8 { value = value << 8 | Number(bytes[index]) }
        position += Number.bitWidth / 8
        return value
    }

    /// A short string's bytes.
    mutating func shortBytes() -> ArraySlice<UInt8>? { number(UInt8.self).flatMap { raw(Int($0)) } }

    /// A long string's bytes, or a table's or an array's: all begin with their length.
    mutating func longBytes() -> ArraySlice<UInt8>? { number(UInt32.self).flatMap { raw(Int($0)) } }

    /// Goes past a value of a table with its kind, not into it; false for a kind that RabbitMQ does not know.
    mutating func skipValue() -> Bool {
        guard let kind = number(UInt8.self) else { return false }
        switch kind {
        case UInt8(ascii: "V"): return true
        case UInt8(ascii: "t"), UInt8(ascii: "b"), UInt8(ascii: "B"): return raw(1) != nil
        case UInt8(ascii: "s"), UInt8(ascii: "u"): return raw(2) != nil
        case UInt8(ascii: "I"), UInt8(ascii: "i"), UInt8(ascii: "f"): return raw(4) != nil
        case UInt8(ascii: "D"): return raw(5) != nil
        case UInt8(ascii: "l"), UInt8(ascii: "L"), UInt8(ascii: "d"), UInt8(ascii: "T"): return raw(8) != nil
        case UInt8(ascii: "S"), UInt8(ascii: "x"), UInt8(ascii: "A"), UInt8(ascii: "F"): return longBytes() != nil
        default: return false
        }
    }
}
