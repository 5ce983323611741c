/// Changes the case of text in UTF-8; ASCII without a detour over strings.
enum LetterCase {
    static func lower(_ value: [UInt8]) -> [UInt8] {
        if value.allSatisfy({ $0 < 0x80 }) { return value.map(lowerASCII) }
        return Array(String(decoding: value, as: UTF8.self).lowercased().utf8)
    }

    static func upper(_ value: [UInt8]) -> [UInt8] {
        if value.allSatisfy({ $0 < 0x80 }) { return value.map(upperASCII) }
        return Array(String(decoding: value, as: UTF8.self).uppercased().utf8)
    }

    static func lowerASCII(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    private static func upperASCII(_ byte: UInt8) -> UInt8 {
        byte >= 0x61 && byte <= 0x7A ? byte & 0xDF : byte
    }
}
