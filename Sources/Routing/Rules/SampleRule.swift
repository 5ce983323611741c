import Conversion

/// `sample`: sends for a part of the conversions, and always the same ones: a retry, a redelivery and a replay decide
/// as the first time did.
///
/// The event's id and the route key are hashed by FNV-1a (64 bits), and the hash is stirred by MurmurHash3's finalizer,
/// since FNV leaves the high bits of short texts alike. A conversion is in when its hash is below the part of 2^64.
struct SampleRule: Sendable, Hashable {
    /// The part times 2^64, rounded down. The part 1 has no rule.
    let threshold: UInt64

    /// `part` is 0 or more and below 1, with at most 18 digits.
    init(part: DecimalAmount) {
        let scaled = (part.coefficient << 64) / Self.powerOfTen(part.scale)
        threshold = UInt64(clamping: scaled)
    }

    func includes(eventID: Span<UInt8>, routeKey: [UInt8]) -> Bool {
        Self.hash(eventID: eventID, routeKey: routeKey) < threshold
    }

    static func hash(eventID: Span<UInt8>, routeKey: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in eventID.indices { hash = (hash ^ UInt64(eventID[index])) &* 0x100_0000_01B3 }
        // No text holds this byte, so that the id cannot run into the key.
        hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        for byte in routeKey { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 33) &* 0xFF51_AFD7_ED55_8CCD
        hash = (hash ^ hash >> 33) &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ hash >> 33
    }

    private static func powerOfTen(_ exponent: Int) -> Int128 {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
