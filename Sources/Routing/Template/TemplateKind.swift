/// What a template makes: each kind has its own places for tokens and its own encoding.
enum TemplateKind: UInt8, Sendable, CaseIterable {
    /// Path and query of a URL.
    case target
    /// A body of `application/x-www-form-urlencoded`.
    case form
    /// A body of `application/json` or `+json`.
    case json
    /// A body of `text/plain`.
    case text
    /// The value of a header.
    case header

    /// The most bytes that may come out.
    var limit: Int {
        switch self {
        case .target, .header: 8_000
        case .form, .json, .text: 65_536
        }
    }

    var subject: String {
        switch self {
        case .target: "the URL"
        case .form, .json, .text: "the body"
        case .header: "the header"
        }
    }
}
