import Conversion

/// Fills one template for one event.
struct TemplateRenderer {
    let store: RouteStore
    /// The postback whose key `{{route}}` is.
    let record: Int
    let template: TemplateNumber

    /// Room for a token's encoded value at the first try; enough for nearly all of them.
    private static let usualValue = 96

    /// Appends the rendered text. After a throw, what was appended means nothing.
    func render(
        _ event: ConversionEvent,
        _ context: RenderContext,
        into buffer: inout [UInt8]
    ) throws(RenderFault) {
        let head = store.templates.heads[Int(template.value)]
        let limit = head.kind.limit
        let start = buffer.count
        let storage = event.storage
        let room = Int(head.literalLength) + (head.hasToken ? Int(head.codeCount) / 2 * Self.usualValue + Self.usualValue : 0)
        var needed = try fill(head, room: room, event, context, storage.span, into: &buffer)
        if needed > 0 {
            buffer.removeSubrange(start...)
            // Encoding never shortens a value, so what is too long before it is too long after it.
            guard needed <= limit * TokenPlace.jsonString.growth + Int(head.codeCount) * 4 + Int(head.literalLength) else { throw .tooLong(limit: limit) }
            needed = try fill(head, room: needed, event, context, storage.span, into: &buffer)
        }
        guard buffer.count - start <= limit else { throw .tooLong(limit: limit) }
        if head.hasPathToken, DotSegment.isIn(target: buffer[start...]) { throw .dotSegment }
    }

    /// One pass over the codes. When the room runs out it stops writing and goes on adding up; the room that would
    /// have been enough is returned, and 0 when it was.
    private func fill(
        _ head: TemplatePool.Head,
        room: Int,
        _ event: ConversionEvent,
        _ context: RenderContext,
        _ storage: borrowing Span<UInt8>,
        into buffer: inout [UInt8]
    ) throws(RenderFault) -> Int {
        let text = store.templates.texts.arena
        let textStart = store.templates.texts.range(of: Int(template.value)).lowerBound
        let codes = store.templates.codes
        let tokens = store.templates.tokens
        var worst = 0
        var isFull = false
        try buffer.append(addingCapacity: room) { (out: inout OutputSpan<UInt8>) throws(RenderFault) in
            for place in Int(head.firstCode)..<Int(head.firstCode) + Int(head.codeCount) {
                let code = codes[place]
                if !code.isToken {
                    worst += code.length
                    if isFull || out.freeCapacity < code.length {
                        isFull = true
                        continue
                    }
                    let from = textStart + code.start
                    ValueEncoding.plain(text.span.extracting(from..<from + code.length), into: &out)
                    continue
                }
                let token = tokens[code.token]
                var value = value(of: token, event, context)
                if token.filters > 0 { value = filtered(value, token, storage) }
                if value.isEmpty, token.isRequired {
                    throw .missingToken(store.templates.tokenNames[Int(token.written)])
                }
                let most = value.count * token.place.growth + 4
                worst += most
                if isFull || out.freeCapacity < most {
                    isFull = true
                    continue
                }
                guard value.write(token, storage, into: &out) else {
                    throw .unsafeHeaderValue(store.templates.tokenNames[Int(token.written)])
                }
            }
        }
        return isFull ? worst : 0
    }

    private func value(
        of token: TemplatePool.TokenCode,
        _ event: ConversionEvent,
        _ context: RenderContext
    ) -> TokenValue {
        switch token.kind {
        case .field: stored(event.range(of: token.field))
        case .subID: stored(event.range(ofSubID: store.templates.names[Int(token.name)]))
        case .parameter: stored(event.range(ofParameter: store.templates.names[Int(token.name)]))
        case .pointer: stored(event.value(at: store.templates.pointers[Int(token.name)]))
        case .test: .boolean(event.isTest)
        case .route: .text(store.key(of: record))
        case .attempt: .number(Int64(context.attempt))
        case .timestamp: event.occurredAt.map { .number(Self.seconds($0)) } ?? .absent
        case .now: .number(Self.seconds(context.now))
        case .random: .unsigned(context.random)
        }
    }

    private func stored(_ range: ByteRange?) -> TokenValue {
        range.map { .stored($0.indices) } ?? .absent
    }

    private func filtered(
        _ value: TokenValue,
        _ token: TemplatePool.TokenCode,
        _ storage: borrowing Span<UInt8>
    ) -> TokenValue {
        let filters = store.templates.filters[Int(token.filters)]
        // The commonest filter by far changes nothing when there is a value.
        if !value.isEmpty, filters.allSatisfy({ if case .fallback = $0 { true } else { false } }) { return value }
        var bytes = value.bytes(storage)
        for filter in filters { bytes = filter.apply(to: bytes) }
        return .text(bytes)
    }

    /// Whole seconds, downwards also before 1970.
    private static func seconds(_ milliseconds: Int64) -> Int64 {
        milliseconds >= 0 ? milliseconds / 1_000 : -((999 - milliseconds) / 1_000)
    }
}
