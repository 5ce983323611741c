import Documents

extension RouteReader {
    /// Reads `syntax`; nil when it is not there, or after a fault.
    mutating func syntax(_ field: SourceNode.Entry?) -> MacroSyntax? {
        guard let field else { return nil }
        if let text = field.value.text, let syntax = MacroSyntax(text) { return syntax }
        log.path.append(field.key)
        defer { log.path.removeLast() }
        let words = MacroSyntax.allCases.map(\.rawValue)
        let near = field.value.text.flatMap { Suggestion.closest(to: $0, among: words) }
        log.error(
            at: field.value.position,
            field.value.text.map { "there is no syntax \"\($0)\"" }
                ?? "the syntax must be a word, not \(field.value.kind)",
            hint: near.map { "probably \($0)" } ?? "allowed: \(MacroSyntax.allowed)"
        )
        return nil
    }

    mutating func refuseSyntax(_ field: SourceNode.Entry) {
        log.path.append(field.key)
        log.error(
            at: field.keyPosition,
            "syntax belongs to a url, and this one is made by the tracker",
            hint: "leave it out"
        )
        log.path.removeLast()
    }
}
