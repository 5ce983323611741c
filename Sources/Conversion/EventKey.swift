/// A key of the event's own object that the decoder knows.
enum EventKey: Sendable, Equatable {
    case field(EventField)
    case payout, subIDs, parameters, test
    /// Only a CloudEvent in structured mode has it.
    case specVersion

    /// The bit that remembers that the key was there.
    var mask: UInt32 {
        switch self {
        case .field(let field): 1 << UInt32(field.rawValue)
        case .payout: 1 << 24
        case .subIDs: 1 << 25
        case .parameters: 1 << 26
        case .test: 1 << 27
        case .specVersion: 1 << 28
        }
    }

    static let table = KeyTable<EventKey>(
        EventField.allCases.filter { $0 != .payoutAmount && $0 != .payoutCurrency }.map { ($0.name, .field($0)) } + [
            ("payout", .payout), ("sub_ids", .subIDs), ("parameters", .parameters), ("test", .test),
            ("specversion", .specVersion),
        ]
    )

    /// The keys of the object `payout`.
    static let payoutTable = KeyTable<EventField>([("amount", .payoutAmount), ("currency", .payoutCurrency)])
}
