import Conversion

/// The value of one token for one event, before it is encoded: mostly a stretch of the event's own bytes.
enum TokenValue {
    case stored(Range<Int>)
    case number(Int64)
    case unsigned(UInt64)
    case boolean(Bool)
    case text([UInt8])

    static let absent = TokenValue.stored(0..<0)

    var isEmpty: Bool { count == 0 }

    /// At least as many bytes as the value has.
    var count: Int {
        switch self {
        case .stored(let range): range.count
        case .number, .unsigned: 20
        case .boolean: 5
        case .text(let bytes): bytes.count
        }
    }

    /// The value's bytes, copied; `storage` is the event's.
    func bytes(_ storage: borrowing Span<UInt8>) -> [UInt8] {
        switch self {
        case .stored(let range):
            var bytes: [UInt8] = []
            bytes.reserveCapacity(range.count)
            for i in range { bytes.append(storage[i]) }
            return bytes
        case .number(let number): return Array(String(number).utf8)
        case .unsigned(let number): return Array(String(number).utf8)
        case .boolean(let flag): return Array((flag ? "true" : "false").utf8)
        case .text(let bytes): return bytes
        }
    }

    /// Writes the value the way its place asks for.
    func write(
        _ token: TemplatePool.TokenCode,
        _ storage: borrowing Span<UInt8>,
        into out: inout OutputSpan<UInt8>
    ) -> Bool {
        switch self {
        case .stored(let range): return Self.write(storage.extracting(range), token, into: &out)
        case .text(let bytes): return Self.write(bytes.span, token, into: &out)
        case .number(let number):
            if number < 0 { out.append(UInt8(ascii: "-")) }
            Self.write(digits: number.magnitude, into: &out)
        case .unsigned(let number): Self.write(digits: number, into: &out)
        case .boolean(let flag):
            for byte in (flag ? "true" : "false").utf8 { out.append(byte) }
        }
        return true
    }

    /// False when the value may not stand there, which only a header can say.
    private static func write(
        _ value: Span<UInt8>,
        _ token: TemplatePool.TokenCode,
        into out: inout OutputSpan<UInt8>
    ) -> Bool {
        switch token.place {
        case .path, .query: ValueEncoding.percent(value, blankAsPlus: false, into: &out)
        case .form: ValueEncoding.percent(value, blankAsPlus: true, into: &out)
        case .jsonString: ValueEncoding.json(value, into: &out)
        case .jsonValue: ValueEncoding.jsonValue(value, isBare: token.isBareInJSON, into: &out)
        case .text: ValueEncoding.plain(value, into: &out)
        case .header:
            guard ValueEncoding.isSafeInHeader(value) else { return false }
            ValueEncoding.plain(value, into: &out)
        }
        return true
    }

    private static func write(digits number: UInt64, into out: inout OutputSpan<UInt8>) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            out.append(0x30 + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
