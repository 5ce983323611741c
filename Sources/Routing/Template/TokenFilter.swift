/// What a template does to a value before it is encoded for its place.
enum TokenFilter: Sendable, Hashable {
    /// Takes the place of an absent or empty value.
    case fallback([UInt8])
    case lower
    case upper

    /// The value after this filter.
    func apply(to value: [UInt8]) -> [UInt8] {
        switch self {
        case .fallback(let text): value.isEmpty ? text : value
        case .lower: Self.changingCase(value, ascii: Self.lowerASCII) { $0.lowercased() }
        case .upper: Self.changingCase(value, ascii: Self.upperASCII) { $0.uppercased() }
        }
    }

    private static func changingCase(
        _ value: [UInt8],
        ascii: (UInt8) -> UInt8,
        unicode: (String) -> String
    ) -> [UInt8] {
        if value.allSatisfy({ $0 < 0x80 }) { return value.map(ascii) }
        return Array(unicode(String(decoding: value, as: UTF8.self)).utf8)
    }

    private static func lowerASCII(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    private static func upperASCII(_ byte: UInt8) -> UInt8 {
        byte >= 0x61 && byte <= 0x7A ? byte & 0xDF : byte
    }
}
