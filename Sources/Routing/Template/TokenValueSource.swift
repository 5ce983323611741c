import Conversion

/// Finds the value of each token of one rendering: mostly a stretch of the event's own bytes, else bytes made here.
struct TokenValueSource {
    let store: RouteStore
    let record: Int
    /// The values that do not stand in the event, one after another.
    private(set) var own: [UInt8] = []

    /// Marks a range as one of ``own``; an event's storage is far shorter.
    private static let ownMark: UInt32 = 1 << 31

    init(store: RouteStore, record: Int) {
        self.store = store
        self.record = record
    }

    static func isOwn(_ value: ByteRange) -> Bool { value.start & ownMark != 0 }

    static func ownRange(_ value: ByteRange) -> Range<Int> {
        let start = Int(value.start & ~ownMark)
        return start..<start + Int(value.count)
    }

    /// Where the value is, count 0 when there is none; throws when there must be one, or when it may not stand in the
    /// token's place.
    mutating func value(
        of token: TemplatePool.TokenCode,
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        _ storage: [UInt8]
    ) throws(RenderFault) -> ByteRange {
        var value = ByteRange(start: 0, count: 0)
        if token.kind == .field {
            if let range = event.range(of: token.field) { value = range }
        } else {
            value = otherValue(of: token, event, context)
        }
        if token.filters != 0 { value = try filtered(value, token, storage) }
        if value.count == 0, token.isRequired { throw missing(token) }
        if token.place == .header {
            let isSafe =
                Self.isOwn(value)
                ? ValueEncoding.isSafeInHeader(own.span.extracting(Self.ownRange(value)))
                : ValueEncoding.isSafeInHeader(storage.span.extracting(value.indices))
            if !isSafe { throw .unsafeHeaderValue(store.templates.tokenNames[Int(token.written)]) }
        }
        return value
    }

    func missing(_ token: TemplatePool.TokenCode) -> RenderFault {
        .missingToken(store.templates.tokenNames[Int(token.written)])
    }

    private mutating func otherValue(
        of token: TemplatePool.TokenCode,
        _ event: borrowing ConversionEvent,
        _ context: RenderContext
    ) -> ByteRange {
        let none = ByteRange(start: 0, count: 0)
        switch token.kind {
        case .field: return event.range(of: token.field) ?? none
        case .payout: return payout(event)
        case .subID: return event.range(ofSubID: store.templates.names[Int(token.name)]) ?? none
        case .parameter: return event.range(ofParameter: store.templates.names[Int(token.name)]) ?? none
        case .pointer: return event.value(at: store.templates.pointers[Int(token.name)]) ?? none
        case .test: return add((event.isTest ? "true" : "false").utf8)
        case .route: return add(store.key(of: record))
        case .attempt: return add(String(context.attempt).utf8)
        case .timestamp: return event.occurredAt.map { add(String(TimeText.seconds($0)).utf8) } ?? none
        case .now: return add(String(TimeText.seconds(context.now)).utf8)
        case .random: return add(String(context.random).utf8)
        }
    }

    private mutating func filtered(
        _ value: ByteRange,
        _ token: TemplatePool.TokenCode,
        _ storage: [UInt8]
    ) throws(RenderFault) -> ByteRange {
        let filters = store.templates.filters[Int(token.filters)]
        // The commonest filter by far changes nothing when there is a value.
        if value.count > 0, filters.allSatisfy({ if case .fallback = $0 { true } else { false } }) { return value }
        var bytes = Self.isOwn(value) ? Array(own[Self.ownRange(value)]) : Array(storage[value.indices])
        let name = store.templates.tokenNames[Int(token.written)]
        for filter in filters { bytes = try filter.apply(to: bytes, of: name) }
        return add(bytes)
    }

    /// The amount as the event has it, or the part of it that `payout_share` leaves.
    private mutating func payout(_ event: borrowing ConversionEvent) -> ByteRange {
        let none = ByteRange(start: 0, count: 0)
        guard let range = event.range(of: .payoutAmount) else { return none }
        guard let part = store.rules[Int(store.records[record].rules)].payoutShare else { return range }
        guard let share = event.payout?.share(part) else { return none }
        let start = UInt32(truncatingIfNeeded: own.count)
        share.append(to: &own)
        return ByteRange(start: start | Self.ownMark, count: UInt32(truncatingIfNeeded: own.count) - start)
    }

    private mutating func add(_ bytes: some Collection<UInt8>) -> ByteRange {
        let start = UInt32(truncatingIfNeeded: own.count)
        own.append(contentsOf: bytes)
        return ByteRange(start: start | Self.ownMark, count: UInt32(truncatingIfNeeded: own.count) - start)
    }
}
