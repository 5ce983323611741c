import Documents

/// A single value of a postback, read as what its key asks for.
struct PostbackScalar {
    struct Flaw: Error {
        var message: String
        var hint: String?
    }

    let node: SourceNode

    var text: Result<String, Flaw> {
        node.text.map { .success($0) } ?? .failure(Flaw(message: "must be a text, not \(node.kind)"))
    }

    /// Letters, digits, `-`, `_` and dots, at most 64: it becomes a part of the route key.
    var name: Result<String, Flaw> {
        text.flatMap { name in
            let isValid = (1...64).contains(name.utf8.count) && name.utf8.allSatisfy(TokenName.isCharacter)
            return isValid
                ? .success(name)
                : .failure(
                    Flaw(
                        message: "\"\(name)\" cannot be the name of a postback",
                        hint: "1 to 64 letters, digits, -, _ or dots"
                    )
                )
        }
    }

    var boolean: Result<Bool, Flaw> {
        guard case .scalar(let text, let quoted) = node.content else {
            return .failure(Flaw(message: "must be true or false, not \(node.kind)"))
        }
        let lower = text.lowercased()
        if !quoted, lower == "true" { return .success(true) }
        if !quoted, lower == "false" { return .success(false) }
        let isYes = ["true", "yes", "on", "y", "1"].contains(lower)
        let isNo = ["false", "no", "off", "n", "0"].contains(lower)
        let meant = isYes ? "true" : isNo ? "false" : nil
        let hint = meant.map { "write \($0)" + (quoted ? ", without quotation marks" : "") }
        return .failure(Flaw(message: "must be true or false, not \"\(text)\"", hint: hint))
    }

    var method: Result<Method, Flaw> {
        text.flatMap { text in
            Method(rawValue: text.uppercased()).map { .success($0) }
                ?? .failure(
                    Flaw(
                        message: "the method \"\(text)\" cannot be used",
                        hint: "allowed: \(Method.allCases.map(\.rawValue).joined(separator: ", "))"
                    )
                )
        }
    }
}
