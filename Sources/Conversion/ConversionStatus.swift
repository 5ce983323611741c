/// What became of a conversion at the network (CONTRACT section 1); each change of it is an event of its own.
package enum ConversionStatus: UInt8, CaseIterable, Sendable {
    /// The five states the contract names.
    case approved, pending, rejected, hold, reversed

    /// The word in JSON.
    package var name: String {
        switch self {
        case .approved: "approved"
        case .pending: "pending"
        case .rejected: "rejected"
        case .hold: "hold"
        case .reversed: "reversed"
        }
    }

    static let table = KeyTable<ConversionStatus>(allCases.map { ($0.name, $0) })
}
