import Conversion
import Digests

/// What a template does to a value before it is encoded for its place.
enum TokenFilter: Sendable, Hashable {
    /// Takes the place of an absent or empty value.
    case fallback([UInt8])
    case lower
    case upper
    case digest(DigestKind)
    case hmacSHA256(Secret)
    case base64
    /// The value times this part, rounded as `payout_share` is.
    case percent(DecimalAmount)
    /// To so many digits after the point, half to even.
    case round(Int)
    case date(DateFormat)
    case unix
    case map(ValueMap)
    /// To so many characters (Unicode scalars).
    case truncate(Int)

    /// Whether what comes out tells something of a secret.
    var isSecret: Bool { if case .hmacSHA256 = self { true } else { false } }

    /// The value after this filter. An empty value stays empty, also in digests: only `default` makes something of it.
    func apply(to value: [UInt8], of token: String) throws(RenderFault) -> [UInt8] {
        if value.isEmpty {
            if case .fallback(let text) = self { return text }
            return value
        }
        switch self {
        case .fallback: return value
        case .lower: return LetterCase.lower(value)
        case .upper: return LetterCase.upper(value)
        case .digest(let kind): return try Self.hex { () throws(DigestFailure) in try kind.digest(value) }
        case .hmacSHA256(let secret):
            return try Self.hex { () throws(DigestFailure) in
                try Digests.hmacSHA256(key: secret.key, message: value)
            }
        case .base64: return Base64Text.encode(value)
        case .percent(let part): return try Self.number(value, token, "percent") { $0.share(part) }
        case .round(let digits): return try Self.number(value, token, "round") { $0.rounded(to: digits) }
        case .date(let format):
            guard let time = TimeText.milliseconds(value) else { throw Self.noTime(token, "date") }
            return format.text(time)
        case .unix:
            guard let time = TimeText.milliseconds(value) else { throw Self.noTime(token, "unix") }
            return Array(String(TimeText.seconds(time)).utf8)
        case .map(let map): return map[value]
        case .truncate(let count): return Self.prefix(value, scalars: count)
        }
    }

    private static func hex(
        _ digest: () throws(DigestFailure) -> [UInt8]
    ) throws(RenderFault) -> [UInt8] {
        do throws(DigestFailure) {
            return HexText.encode(try digest())
        } catch {
            throw .digestFailed(error.description)
        }
    }

    private static func number(
        _ value: [UInt8],
        _ token: String,
        _ filter: String,
        _ change: (DecimalAmount) -> DecimalAmount?
    ) throws(RenderFault) -> [UInt8] {
        guard let amount = try? DecimalAmount(parsing: value.span, allowingExponent: true), let result = change(amount)
        else {
            throw .unfitValue(token: token, filter: filter, wanted: "a decimal number of at most 36 digits")
        }
        var text: [UInt8] = []
        result.append(to: &text)
        return text
    }

    private static func noTime(_ token: String, _ filter: String) -> RenderFault {
        .unfitValue(token: token, filter: filter, wanted: "a date and time (RFC 3339) or a number of seconds")
    }

    /// Cuts in front of a scalar, never inside one.
    private static func prefix(_ value: [UInt8], scalars limit: Int) -> [UInt8] {
        if value.count <= limit { return value }
        var count = 0
        for (index, byte) in value.enumerated() where byte & 0xC0 != 0x80 {
            if count == limit { return Array(value[..<index]) }
            count += 1
        }
        return value
    }
}
