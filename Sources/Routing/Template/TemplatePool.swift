import Conversion

/// All templates of a route table in a few flat arrays; equal texts are stored and compiled once.
///
/// A template is a run of codes: a stretch of its text, or the number of a token. A token is six small numbers, and
/// what does not fit into them (names, filters) stands in tables that equal tokens share.
struct TemplatePool: Sendable {
    struct Head: Sendable {
        var firstCode: UInt32
        var codeCount: UInt16
        var kind: TemplateKind
        var hasToken: Bool
        /// Its path holds a token, so the rendered path must be looked over for dot segments.
        var hasPathToken: Bool
        var hasClickID: Bool
    }

    /// A stretch of the text (15 bits start, 15 bits length), or a token (bit 31 and its number).
    struct Code: Sendable {
        var bits: UInt32

        init(bits: UInt32) {
            self.bits = bits
        }

        init(literal range: Range<Int>) {
            bits =
                UInt32(truncatingIfNeeded: range.lowerBound & 0x7FFF) << 15
                | UInt32(truncatingIfNeeded: range.count & 0x7FFF)
        }

        init(token number: Int) {
            bits = 1 << 31 | UInt32(truncatingIfNeeded: number)
        }

        var isToken: Bool { bits >> 31 == 1 }
        var token: Int { Int(bits & 0x7FFF_FFFF) }
        var start: Int { Int(bits >> 15 & 0x7FFF) }
        var length: Int { Int(bits & 0x7FFF) }
    }

    /// A token without anything that is counted or copied, so that the hot loop reads it at no cost.
    struct TokenCode: Sendable {
        enum Kind: UInt8 {
            case field, payout, subID, parameter, pointer, test, route, attempt, timestamp, now, random
        }

        var kind: Kind
        var field: EventField
        var place: TokenPlace
        var isRequired: Bool
        /// May stand in JSON without quotation marks.
        var isBareInJSON: Bool
        /// Tells something of a secret, and is masked where people read.
        var isSecret: Bool
        /// A field of the event as it stands there: no filter, nothing to look out for.
        var isPlainField: Bool
        /// Index into ``TemplatePool/names``, or the number of a pointer.
        var name: UInt32
        /// Index into ``TemplatePool/filters``; 0 for none.
        var filters: UInt32
        /// Index into ``TemplatePool/tokenNames``, for messages.
        var written: UInt32
    }

    private(set) var texts = KeyIndex()
    private(set) var heads: [Head] = []
    private(set) var codes: [Code] = []
    private(set) var tokens: [TokenCode] = []
    private(set) var names: [[UInt8]] = []
    private(set) var filters: [[TokenFilter]] = [[]]
    private(set) var tokenNames: [String] = []
    var pointers: [JSONPointer] = []
    /// The bytes of a template's text that are shown nowhere, in their order: what a publisher entered as his secret.
    private(set) var hidden: [TemplateNumber: [Range<Int>]] = [:]

    private struct PlacedToken: Hashable {
        var token: TemplateToken
        var place: TokenPlace
    }

    private var tokenNumbers: [PlacedToken: Int] = [:]
    /// Where the codes of a template stand: texts that differ in letters alone have the same.
    private var codeRuns: [[UInt32]: UInt32] = [:]
    /// A template without warnings whose beginning is plain text, and the names of its parameters behind that.
    private struct Model {
        var template: TemplateNumber
        var names: [[UInt8]]
    }

    /// By the text from the first parameter with a token on.
    private var models: [[UInt8]: Model] = [:]
    /// More than these are hardly met again.
    private static let mostCodeRuns = 10_000

    /// The template with this text, if it was added.
    func number(of text: [UInt8], _ kind: TemplateKind) -> TemplateNumber? {
        texts.find(owner: UInt32(kind.rawValue), text.span).map { TemplateNumber(UInt32($0)) }
    }

    /// Adds a template whose text is not here yet.
    mutating func add(_ template: CompiledTemplate) -> TemplateNumber {
        let added = texts.insert(owner: UInt32(template.kind.rawValue), template.text.span)
        guard added.isNew else { return TemplateNumber(UInt32(added.number)) }
        var head = Head(
            firstCode: 0,
            codeCount: UInt16(truncatingIfNeeded: template.segments.count),
            kind: template.kind,
            hasToken: false,
            hasPathToken: false,
            hasClickID: false
        )
        var run: [UInt32] = []
        run.reserveCapacity(template.segments.count)
        for segment in template.segments {
            switch segment {
            case .literal(let range):
                run.append(Code(literal: range).bits)
            case .token(let token, let place):
                head.hasToken = true
                if place == .path { head.hasPathToken = true }
                if token.source.isRequired { head.hasClickID = true }
                run.append(Code(token: number(of: PlacedToken(token: token, place: place))).bits)
            }
        }
        head.firstCode = place(of: run)
        heads.append(head)
        keepModel(template, TemplateNumber(UInt32(added.number)))
        return TemplateNumber(UInt32(added.number))
    }

    /// Adds a path and query whose text is not here yet, if all of it from the first parameter with a token on stands in a
    /// template that is here, and what is before that is plain text that needs no look: then only the literals are longer or
    /// shorter. Nil when it has to be compiled.
    mutating func add(target text: [UInt8]) -> TemplateNumber? {
        guard text.count <= min(TemplateKind.target.limit, TemplateCompiler.maximumLength),
            let cut = TargetCut(text), let model = models[Array(text[cut.tail...])],
            !cut.names.contains(where: { name in model.names.contains { $0.elementsEqual(text[name]) } })
        else { return nil }
        let shift = text.count - texts.range(of: Int(model.template.value)).count
        var head = heads[Int(model.template.value)]
        let codes = codes[Int(head.firstCode)..<Int(head.firstCode) + Int(head.codeCount)]
        var run: [UInt32] = []
        run.reserveCapacity(codes.count)
        for code in codes {
            if code.isToken {
                run.append(code.bits)
            } else if run.isEmpty {
                run.append(Code(literal: 0..<code.length + shift).bits)
            } else {
                run.append(Code(literal: code.start + shift..<code.start + shift + code.length).bits)
            }
        }
        head.firstCode = place(of: run)
        heads.append(head)
        return TemplateNumber(UInt32(texts.insert(owner: UInt32(TemplateKind.target.rawValue), text.span).number))
    }

    /// Keeps a target as the model of others.
    private mutating func keepModel(_ template: CompiledTemplate, _ number: TemplateNumber) {
        guard template.kind == .target, template.warnings.isEmpty, models.count < Self.mostCodeRuns,
            let cut = TargetCut(template.text)
        else { return }
        let tail = template.text[cut.tail...]
        let names = tail.dropFirst().split(separator: UInt8(ascii: "&")).map { Array($0.prefix { $0 != 0x3D }) }
        models[Array(tail)] = Model(template: number, names: names)
    }

    private mutating func place(of run: [UInt32]) -> UInt32 {
        if let known = codeRuns[run] { return known }
        let first = UInt32(codes.count)
        for bits in run { codes.append(Code(bits: bits)) }
        if codeRuns.count < Self.mostCodeRuns { codeRuns[run] = first }
        return first
    }

    /// Equal texts are one template, and so keep one secret.
    mutating func hide(_ ranges: [Range<Int>], in number: TemplateNumber) {
        hidden[number] = ranges
    }

    /// Gives back what only adding needs.
    mutating func freeze() {
        texts.dropLookup()
        codeRuns = [:]
        models = [:]
        tokenNumbers = [:]
    }

    /// Takes room for `factor` times what is there.
    mutating func reserve(factor: Double) {
        let count = Int(Double(texts.count) * factor)
        texts.reserve(keys: count, bytes: Int(Double(texts.arena.count) * factor))
        heads.reserveCapacity(count)
        codes.reserveCapacity(Int(Double(codes.count) * factor))
    }

    /// A template's own text, as it was written.
    func text(of number: TemplateNumber) -> ArraySlice<UInt8> {
        texts.bytes(of: Int(number.value))
    }

    /// The text as it may be shown: `***` for what is hidden.
    func maskedText(of number: TemplateNumber) -> [UInt8] {
        let text = Array(text(of: number))
        guard let ranges = hidden[number] else { return text }
        var shown: [UInt8] = []
        var position = 0
        for range in ranges {
            shown += text[position..<range.lowerBound] + "***".utf8
            position = range.upperBound
        }
        return shown + text[position...]
    }

    func head(of number: TemplateNumber) -> Head {
        heads[Int(number.value)]
    }

    /// Whether a value of the template is a secret or computed with one.
    func hasSecret(_ number: TemplateNumber) -> Bool {
        if hidden[number] != nil { return true }
        let head = heads[Int(number.value)]
        return codes[Int(head.firstCode)..<Int(head.firstCode) + Int(head.codeCount)]
            .contains { $0.isToken && tokens[$0.token].isSecret }
    }

    private mutating func number(of placed: PlacedToken) -> Int {
        if let number = tokenNumbers[placed] { return number }
        let number = tokens.count
        tokens.append(code(for: placed))
        tokenNumbers[placed] = number
        return number
    }

    private mutating func code(for placed: PlacedToken) -> TokenCode {
        let source = placed.token.source
        var code = TokenCode(
            kind: .field,
            field: .id,
            place: placed.place,
            isRequired: source.isRequired,
            isBareInJSON: placed.token.isBareInJSON,
            isSecret: placed.token.filters.contains(where: \.isSecret),
            isPlainField: false,
            name: 0,
            filters: 0,
            written: UInt32(tokenNames.count)
        )
        tokenNames.append(placed.token.name)
        if !placed.token.filters.isEmpty {
            code.filters = UInt32(filters.count)
            filters.append(placed.token.filters)
        }
        switch source {
        case .field(let field):
            code.field = field
            if field == .payoutAmount { code.kind = .payout }
        case .subID(let name), .parameter(let name):
            if case .subID = source { code.kind = .subID } else { code.kind = .parameter }
            code.name = UInt32(names.count)
            names.append(Array(name.utf8))
        case .pointer(let number):
            code.kind = .pointer
            code.name = UInt32(number)
        case .test: code.kind = .test
        case .route: code.kind = .route
        case .attempt: code.kind = .attempt
        case .timestamp: code.kind = .timestamp
        case .now: code.kind = .now
        case .random: code.kind = .random
        }
        code.isPlainField = code.kind == .field && code.filters == 0 && code.place != .header
        return code
    }
}
