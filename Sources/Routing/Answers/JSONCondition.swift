import Conversion

/// `json: { pointer, equals }`: a value of the body, compared as text: `0` and `"0"` are equal, `0` and `0.0` are not.
struct JSONCondition: Sendable, Hashable {
    var pointer: JSONPointer
    var equals: [UInt8]
}
