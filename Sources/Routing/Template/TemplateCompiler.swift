import Documents

/// Turns the text of a template into segments, checked for the kind of text it makes.
struct TemplateCompiler: Sendable {
    /// The longest template, in bytes; positions inside one must fit 15 bits.
    static let maximumLength = 32_000

    let vocabulary: TokenVocabulary

    /// The template, or everything that is wrong with it.
    func compile(_ text: [UInt8], as kind: TemplateKind) -> Result<CompiledTemplate, Refusal> {
        var flaws: [TemplateFlaw] = []
        guard text.count <= min(Self.maximumLength, kind.limit) else {
            let message =
                "\(kind.subject) is \(text.count) bytes long; at most \(min(Self.maximumLength, kind.limit)) are allowed"
            return .failure(Refusal(flaws: [TemplateFlaw(at: 0, message)]))
        }
        if kind == .target || kind == .form { flaws += MarkupDamage.flaws(in: text) }
        let pieces = TemplatePiece.split(text, vocabulary, flaws: &flaws)
        var places: [TokenPlace]
        switch kind {
        case .target, .form:
            var grammar = URITextGrammar(text, pieces, vocabulary, isForm: kind == .form)
            places = grammar.check()
            flaws += grammar.flaws
        case .json:
            var grammar = JSONTextGrammar(text, pieces)
            places = grammar.check()
            flaws += grammar.flaws
        case .text, .header:
            places = pieces.map { _ in kind == .text ? .text : .header }
            if kind == .header { flaws += HeaderValueGrammar.flaws(in: text, pieces) }
        }
        if kind != .target {
            flaws += ForeignMacro.known(in: text, pieces, vocabulary)
        }
        if kind != .text, kind != .header { flaws += rawFlaws(pieces, kind) }
        if flaws.contains(where: { $0.severity == .error }) { return .failure(Refusal(flaws: flaws)) }
        let segments = zip(pieces, places).map { piece, place -> CompiledTemplate.Segment in
            if let token = piece.token { .token(token, place) } else { .literal(piece.range) }
        }
        return .success(CompiledTemplate(kind: kind, text: text, segments: segments, warnings: flaws))
    }

    /// All flaws of a template that cannot be used, warnings among them.
    struct Refusal: Error {
        var flaws: [TemplateFlaw]
    }

    private func rawFlaws(_ pieces: [TemplatePiece], _ kind: TemplateKind) -> [TemplateFlaw] {
        pieces.filter { $0.token?.isRaw == true }.map { piece in
            TemplateFlaw(
                at: piece.range.lowerBound,
                "raw is not safe in \(kind == .target ? "a URL" : "this body"): a value could add parts of its own",
                hint: "leave the filter out; raw is for text/plain bodies and headers"
            )
        }
    }
}
