import Conversion

/// Fills one template for one event, in batches of tokens: first it finds the values and so how much room they need,
/// then it writes literals and values in one go, without asking for room again.
struct TemplateRenderer {
    let store: RouteStore
    /// The postback whose key `{{route}}` is.
    let record: Int
    let template: TemplateNumber

    /// Tokens in one batch; nearly every template has fewer.
    private static var batch: Int { 16 }

    /// Appends the rendered text. After a throw, what was appended means nothing.
    func render(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        into buffer: inout [UInt8]
    ) throws(RenderFault) {
        let head = store.templates.heads[Int(template.value)]
        let limit = head.kind.limit
        let start = buffer.count
        // One reference to each array for the whole rendering, and spans of them below.
        let (storage, codes, tokens) = (event.storage, store.templates.codes, store.templates.tokens)
        let arena = store.templates.texts.arena
        let text = arena.span.extracting(store.templates.texts.range(of: Int(template.value)))
        let code = codes.span.extracting(Int(head.firstCode)..<Int(head.firstCode) + Int(head.codeCount))
        let token = tokens.span
        var source = TokenValueSource(store: store, record: record)
        var place = 0
        while place < code.count {
            let first = place
            var values = InlineArray<16, ByteRange>(repeating: ByteRange(start: 0, count: 0))
            var used = 0
            var least = buffer.count - start
            var most = 0
            while place < code.count {
                let part = code[place]
                if part.isToken {
                    if used == Self.batch { break }
                    let wanted = token[part.token]
                    let value: ByteRange
                    if wanted.isPlainField {
                        value = event.range(of: wanted.field) ?? ByteRange(start: 0, count: 0)
                        if value.count == 0, wanted.isRequired { throw source.missing(wanted) }
                    } else {
                        value = try source.value(of: wanted, event, context, storage)
                    }
                    values[used] = value
                    used &+= 1
                    least &+= Int(value.count)
                    most &+= Int(value.count) &* wanted.place.growth &+ ValueEncoding.frame
                } else {
                    least &+= part.length
                    most &+= part.length
                }
                place &+= 1
            }
            // Encoding shortens nothing, so this refuses early, before a huge value takes room.
            guard least <= limit else { throw .tooLong(limit: limit) }
            let (value, own) = (storage.span, source.own.span)
            buffer.append(addingCapacity: most) { (out: inout OutputSpan<UInt8>) in
                var used = 0
                for index in first..<place {
                    let part = code[index]
                    guard part.isToken else {
                        ValueEncoding.plain(text.extracting(part.start..<part.start &+ part.length), into: &out)
                        continue
                    }
                    let range = values[used]
                    used &+= 1
                    if TokenValueSource.isOwn(range) {
                        let bytes = own.extracting(TokenValueSource.ownRange(range))
                        ValueEncoding.write(bytes, token[part.token], into: &out)
                    } else {
                        ValueEncoding.write(value.extracting(range.indices), token[part.token], into: &out)
                    }
                }
            }
        }
        guard buffer.count - start <= limit else { throw .tooLong(limit: limit) }
        if head.hasPathToken, DotSegment.isIn(target: buffer[start...]) { throw .dotSegment }
    }
}
