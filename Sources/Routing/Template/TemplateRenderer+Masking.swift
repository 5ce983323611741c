import Conversion

extension TemplateRenderer {
    /// Appends the rendered text with `***` for every value that tells something of a secret, and for what a publisher
    /// entered as his. For people, not for the hot path; it throws where ``render(_:_:into:)`` does, except for what is
    /// too long.
    func renderMasked(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        into buffer: inout [UInt8]
    ) throws(RenderFault) {
        let head = store.templates.heads[Int(template.value)]
        let text = store.templates.text(of: template)
        let storage = event.storage
        var source = TokenValueSource(store: store, record: record)
        var hidden = HiddenText(store.templates.hidden[template] ?? [])
        for code in store.templates.codes[Int(head.firstCode)..<Int(head.firstCode) + Int(head.codeCount)] {
            guard code.isToken else {
                hidden.append(text, code.start..<code.start + code.length, to: &buffer)
                continue
            }
            let token = store.templates.tokens[code.token]
            let range = try source.value(of: token, event, context, storage)
            // Inside a hidden stretch a token is hidden with it.
            if hidden.isInside { continue }
            if token.isSecret, range.count > 0 {
                buffer.append(contentsOf: "***".utf8)
                continue
            }
            let value =
                TokenValueSource.isOwn(range)
                ? Array(source.own[TokenValueSource.ownRange(range)]) : Array(storage[range.indices])
            buffer.append(addingCapacity: value.count * token.place.growth + ValueEncoding.frame) {
                (out: inout OutputSpan<UInt8>) in ValueEncoding.write(value.span, token, into: &out)
            }
        }
    }
}
