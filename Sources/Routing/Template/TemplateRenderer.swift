import Conversion

/// Fills one template for one event, in batches of tokens: first it finds the values and so how much room they need,
/// then it writes literals and values in one go, without asking for room again.
struct TemplateRenderer {
    let store: RouteStore
    /// The postback whose key `{{route}}` is.
    let record: Int
    let template: TemplateNumber

    private typealias Values = InlineArray<16, ByteRange>

    /// Appends the rendered text. After a throw, what was appended means nothing.
    func render(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        into buffer: inout [UInt8]
    ) throws(RenderFault) {
        let head = store.templates.heads[Int(template.value)]
        let limit = head.kind.limit
        let start = buffer.count
        let storage = event.storage
        var source = TokenValueSource(store: store, record: record)
        let codes = store.templates.codes
        let tokens = store.templates.tokens
        var place = Int(head.firstCode)
        let end = place + Int(head.codeCount)
        while place < end {
            let first = place
            var values = Values(repeating: ByteRange(start: 0, count: 0))
            var used = 0
            var least = buffer.count - start
            var most = 0
            while place < end {
                let code = codes[place]
                if code.isToken {
                    if used == values.count { break }
                    let token = tokens[code.token]
                    let value = try source.value(of: token, event, context, storage)
                    values[used] = value
                    used += 1
                    least += Int(value.count)
                    most += Int(value.count) * token.place.growth + ValueEncoding.frame
                } else {
                    least += code.length
                    most += code.length
                }
                place += 1
            }
            // Encoding shortens nothing, so this refuses early, before a huge value takes room.
            guard least <= limit else { throw .tooLong(limit: limit) }
            write(codes[first..<place], tokens, values, storage, source.own, room: most, into: &buffer)
        }
        guard buffer.count - start <= limit else { throw .tooLong(limit: limit) }
        if head.hasPathToken, DotSegment.isIn(target: buffer[start...]) { throw .dotSegment }
    }

    private func write(
        _ codes: ArraySlice<TemplatePool.Code>,
        _ tokens: [TemplatePool.TokenCode],
        _ values: Values,
        _ storage: [UInt8],
        _ own: [UInt8],
        room: Int,
        into buffer: inout [UInt8]
    ) {
        let text = store.templates.texts.arena
        let textStart = store.templates.texts.range(of: Int(template.value)).lowerBound
        buffer.append(addingCapacity: room) { (out: inout OutputSpan<UInt8>) in
            var used = 0
            for code in codes {
                if code.isToken {
                    let token = tokens[code.token]
                    let value = values[used]
                    used += 1
                    if TokenValueSource.isOwn(value) {
                        let range = TokenValueSource.ownRange(value)
                        ValueEncoding.write(own.span.extracting(range), token, into: &out)
                    } else {
                        ValueEncoding.write(storage.span.extracting(value.indices), token, into: &out)
                    }
                } else {
                    let from = textStart + code.start
                    ValueEncoding.plain(text.span.extracting(from..<from + code.length), into: &out)
                }
            }
        }
    }
}
