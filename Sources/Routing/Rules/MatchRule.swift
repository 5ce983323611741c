import Conversion

/// `when`: which conversions a postback is for. All conditions that are given must hold.
struct MatchRule: Sendable, Hashable {
    /// In UTF-8, compared byte for byte; empty for any type.
    var types: [[UInt8]] = []
    /// A bit for each `ConversionStatus`; 0 for any status.
    var statuses: UInt8 = 0
    /// In lower case; empty for any country.
    var countries: [[UInt8]] = []
    /// Compared with the whole payout, before `payout_share`.
    var minPayout: DecimalAmount?
    var maxPayout: DecimalAmount?

    static func bit(of status: ConversionStatus) -> UInt8 { 1 << status.rawValue }

    /// The first condition that does not hold; nil when all do.
    func refusal(_ event: borrowing ConversionEvent, _ storage: Span<UInt8>) -> SkipReason? {
        if !types.isEmpty, !contains(types, event.range(of: .type), storage) { return .type }
        if statuses != 0, statuses & Self.bit(of: event.status) == 0 { return .status }
        if !countries.isEmpty, !contains(countries, event.range(of: .country), storage, inAnyCase: true) {
            return .country
        }
        if let minPayout {
            guard let payout = event.payout, payout >= minPayout else { return .minPayout }
        }
        if let maxPayout {
            guard let payout = event.payout, payout <= maxPayout else { return .maxPayout }
        }
        return nil
    }

    private func contains(
        _ words: [[UInt8]],
        _ range: ByteRange?,
        _ storage: Span<UInt8>,
        inAnyCase: Bool = false
    ) -> Bool {
        guard let range else { return false }
        let value = storage.extracting(range.indices)
        search: for word in words where word.count == value.count {
            for index in value.indices {
                var byte = value[index]
                if inAnyCase, byte >= 0x41, byte <= 0x5A { byte |= 0x20 }
                if word[index] != byte { continue search }
            }
            return true
        }
        return false
    }
}
