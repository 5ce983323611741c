import Conversion

/// Where a token takes its value from.
enum TokenSource: Sendable, Hashable {
    case field(EventField)
    case subID(String)
    case parameter(String)
    /// One of the vocabulary's own tokens: the number of its JSON Pointer.
    case pointer(Int)
    /// `true` or `false`.
    case test
    /// The route key.
    case route
    /// 1 for the first attempt.
    case attempt
    /// `occurred_at` in seconds since the Unix epoch.
    case timestamp
    /// The time of the attempt in seconds since the Unix epoch.
    case now
    /// A number that is new for each attempt.
    case random

    /// Whether the value must be there: a postback without its click id says nothing.
    var isRequired: Bool { self == .field(.clickID) }

    /// Whether the value is a number or a boolean, and so stands in JSON without quotation marks. A parameter does
    /// where it looks like one: only the network knows its type.
    var isBareInJSON: Bool {
        switch self {
        case .field(.payoutAmount), .test, .attempt, .timestamp, .now, .random, .parameter, .pointer: true
        default: false
        }
    }
}
