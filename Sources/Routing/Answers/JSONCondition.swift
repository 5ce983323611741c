import Conversion

/// `json: { pointer, equals }` or `{ pointer, differs }`: a value of the body, compared as text: `0` and `"0"` are equal,
/// `0` and `0.0` are not.
struct JSONCondition: Sendable, Hashable {
    var pointer: JSONPointer
    var value: [UInt8]
    /// `differs`: it holds unless exactly this value stands there, also where there is none and where the body is no JSON.
    var isNegated = false
}
