package import Conversion

extension Postback {
    /// Path and query for the request line, starting with `/`, appended to `buffer`; at most 8,000 bytes.
    ///
    /// After a throw, what was appended means nothing.
    package func renderTarget(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        into buffer: inout [UInt8]
    ) throws(RenderFault) {
        try renderer(record.target).render(event, context, into: &buffer)
    }

    package var hasBody: Bool { settings.body != nil }

    /// The media type of the body; nil when it has none. It goes out as a header of `renderHeaders`.
    package var contentType: String? { settings.contentType }

    /// The body, appended to `buffer`; at most 65,536 bytes, nothing when the postback has no body.
    package func renderBody(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        into buffer: inout [UInt8]
    ) throws(RenderFault) {
        guard let body = settings.body else { return }
        try renderer(body).render(event, context, into: &buffer)
    }

    /// Whether `renderHeaders` has anything to say.
    package var hasHeaders: Bool { !settings.headers.isEmpty }

    /// Appends one `Name: value` per header, without a line end; `Content-Type` is among them. A header whose value
    /// comes out empty is left out.
    package func renderHeaders(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        into lines: inout [[UInt8]]
    ) throws(RenderFault) {
        for header in settings.headers {
            if let line = header.constantLine {
                lines.append(line)
                continue
            }
            var line = header.name
            line.append(contentsOf: ": ".utf8)
            let start = line.count
            try renderer(header.value).render(event, context, into: &line)
            if line[start...].contains(where: { $0 != 0x20 && $0 != 0x09 }) { lines.append(line) }
        }
    }

    func renderer(_ template: TemplateNumber) -> TemplateRenderer {
        TemplateRenderer(store: store, record: Int(number), template: template)
    }
}
