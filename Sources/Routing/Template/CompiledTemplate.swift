/// A template ready to be stored: every token known, and known where it stands.
struct CompiledTemplate: Sendable {
    enum Segment: Sendable, Equatable {
        case literal(Range<Int>)
        case token(TemplateToken, TokenPlace)
    }

    var kind: TemplateKind
    var text: [UInt8]
    var segments: [Segment]
    var warnings: [TemplateFlaw]

    var tokens: [TemplateToken] {
        segments.compactMap { if case .token(let token, _) = $0 { token } else { nil } }
    }
}
