/// FNV-1a, 64 bits (Fowler, Noll, Vo): tells bodies apart within this process. Not for secrets or untrusted tables.
enum StableHash {
    static func of(_ bytes: [UInt8]) -> UInt64 { of(bytes.span) }

    static func of(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01b3 }
        return hash
    }
}
