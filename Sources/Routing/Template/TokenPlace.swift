/// Where a token stands, which decides how its value is encoded.
enum TokenPlace: UInt8, Sendable {
    case path
    case query
    case form
    /// Between the quotation marks of a JSON string.
    case jsonString
    /// A whole JSON value: written as a number, a boolean, `null` or a quoted string.
    case jsonValue
    case text
    case header

    /// The most bytes that one byte of a value can become.
    var growth: Int {
        switch self {
        case .path, .query, .form: 3
        case .jsonString, .jsonValue: 6
        case .text, .header: 1
        }
    }
}
