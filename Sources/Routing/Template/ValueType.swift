import Conversion

/// What is known of a token's value when the routes are loaded, so that a filter that cannot work is refused then.
enum ValueType: Sendable, Hashable {
    case text
    /// A decimal.
    case number
    /// RFC 3339, or whole seconds since the Unix epoch.
    case time
    /// Only the event knows.
    case any

    init(_ source: TokenSource) {
        switch source {
        case .field(.payoutAmount), .attempt, .random: self = .number
        case .field(.occurredAt), .field(.clickedAt), .timestamp, .now: self = .time
        case .field, .test, .route: self = .text
        case .subID, .parameter, .pointer: self = .any
        }
    }

    /// Whether a text could be a value of this type.
    func allows(_ text: [UInt8]) -> Bool {
        switch self {
        case .text, .any: true
        case .number: (try? DecimalAmount(parsing: text.span, allowingExponent: true)) != nil
        case .time: TimeText.milliseconds(text) != nil
        }
    }

    /// With the article, for messages.
    var name: String {
        switch self {
        case .text: "a text"
        case .number: "a number"
        case .time: "a time"
        case .any: "a value of the event"
        }
    }
}
