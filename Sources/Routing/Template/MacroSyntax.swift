import Documents

/// The ways to write a token in a URL. `{{x}}` is the worker's own; the others are what publishers bring along.
enum MacroSyntax: String, Sendable, Hashable, CaseIterable {
    case mustache
    case braces
    case hash
    case brackets
    case dollarBraces = "dollar_braces"
    case percent
    case dollar
    case angle

    /// What stands before and behind a name.
    var marks: (open: String, close: String) {
        switch self {
        case .mustache: ("{{", "}}")
        case .braces: ("{", "}")
        case .hash: ("#", "#")
        case .brackets: ("[", "]")
        case .dollarBraces: ("${", "}")
        case .percent: ("%", "%")
        case .dollar: ("$", "")
        case .angle: ("<", ">")
        }
    }

    /// A name in this syntax: `{x}`.
    func token(_ name: String) -> String { marks.open + name + marks.close }

    /// By its word or by the pattern itself: `braces` or `{x}`.
    init?(_ text: String) {
        guard let syntax = Self.allCases.first(where: { $0.rawValue == text || $0.token("x") == text }) else {
            return nil
        }
        self = syntax
    }

    /// Words and patterns, for messages.
    static var allowed: String {
        allCases.map { "\($0.rawValue) \($0.token("x"))" }.joined(separator: ", ")
    }

    /// A message about a token, with its `{{x}}` the way the publisher writes it.
    func reworded(_ message: String) -> String {
        if self == .mustache { return message }
        var result = ""
        var rest = message[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            result += rest[..<open.lowerBound] + token(String(rest[open.upperBound..<close.lowerBound]))
            rest = rest[close.upperBound...]
        }
        return result + rest
    }
}
