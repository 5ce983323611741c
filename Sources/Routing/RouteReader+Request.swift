import Documents

extension RouteReader {
    /// Reads headers and body into the draft's settings.
    mutating func readRequest(_ request: inout RequestDraft) {
        if let body = request.body { readBody(body, &request) }
        if let contentType = request.contentType, request.body == nil {
            log.path.append(contentType.key)
            log.error(
                at: contentType.keyPosition,
                "content_type without a body says nothing",
                hint: "add a body, or leave it out"
            )
            log.path.removeLast()
        }
        if let headers = request.headers { readHeaders(headers, &request) }
    }

    private mutating func readBody(_ field: SourceNode.Entry, _ request: inout RequestDraft) {
        log.path.append(field.key)
        defer { log.path.removeLast() }
        if request.settings.method == .get {
            log.error(
                at: field.keyPosition,
                "a GET has no body",
                hint: "add method: POST, or put the values into the URL"
            )
        }
        guard let text = field.value.text else {
            let hint =
                field.value.kind == "a mapping" ? "write the JSON as text: body: '{\"cid\": \"{{click_id}}\"}'" : nil
            log.error(at: field.value.position, "the body must be a text, not \(field.value.kind)", hint: hint)
            return
        }
        guard let type = contentType(request.contentType, for: field) else { return }
        var bytes = Array(text.utf8)
        // The line end that YAML's block style (|) leaves behind is not a part of a form.
        if type.kind == .form, bytes.last == 0x0A { bytes.removeLast() }
        request.settings.body = readTemplate(bytes, as: type.kind, in: field.value)
        request.settings.contentType = type.text
        addConstantHeader("Content-Type", type.text, &request)
    }

    private mutating func contentType(
        _ field: SourceNode.Entry?,
        for body: SourceNode.Entry
    ) -> (text: String, kind: TemplateKind)? {
        guard let field else {
            let looksLikeJSON =
                body.value.text?.utf8.first.map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") } ?? false
            log.error(
                at: body.keyPosition,
                "the body needs a content_type beside it",
                hint:
                    "probably content_type: \(looksLikeJSON ? "application/json" : "application/x-www-form-urlencoded")"
            )
            return nil
        }
        log.path[log.path.count - 1] = field.key
        defer { log.path[log.path.count - 1] = body.key }
        guard let text = field.value.text else {
            log.error(at: field.value.position, "must be a text, not \(field.value.kind)")
            return nil
        }
        guard let kind = MediaType.bodyKind(text) else {
            log.error(
                at: field.value.position,
                "a body of \"\(text)\" cannot be filled: it is not known how to keep a value from breaking it",
                hint: "allowed: application/json (or +json), application/x-www-form-urlencoded, text/plain"
            )
            return nil
        }
        return (text, kind)
    }

    private mutating func readHeaders(_ field: SourceNode.Entry, _ request: inout RequestDraft) {
        log.path.append(field.key)
        defer { log.path.removeLast() }
        guard let entries = field.value.entries else {
            log.error(at: field.value.position, "headers must be a mapping of name to value, not \(field.value.kind)")
            return
        }
        var seen: Set<String> = []
        for entry in entries {
            log.path.append(entry.key)
            defer { log.path.removeLast() }
            if let refusal = HeaderName.refusal(of: entry.key) {
                log.error(at: entry.keyPosition, refusal.message, hint: refusal.hint)
                continue
            }
            guard seen.insert(entry.key.lowercased()).inserted else {
                log.error(at: entry.keyPosition, "this header stands here twice")
                continue
            }
            guard let text = entry.value.text else {
                log.error(at: entry.value.position, "a header's value must be a text, not \(entry.value.kind)")
                continue
            }
            guard let value = readTemplate(Array(text.utf8), as: .header, in: entry.value) else { continue }
            var header = PostbackSettings.Header(name: Array(entry.key.utf8), value: value)
            if !draft.templates.head(of: value).hasToken {
                if text.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                    log.error(at: entry.value.position, "the header has no value", hint: "leave the header out")
                }
                header.constantLine = Array("\(entry.key): \(text)".utf8)
            }
            request.settings.headers.append(header)
        }
    }

    private mutating func addConstantHeader(_ name: String, _ value: String, _ request: inout RequestDraft) {
        let node = SourceNode(.scalar(value, quoted: false), at: SourcePosition(line: 0, column: 0))
        guard let template = readTemplate(Array(value.utf8), as: .header, in: node) else { return }
        request.settings.headers.append(
            PostbackSettings.Header(
                name: Array(name.utf8),
                value: template,
                constantLine: Array("\(name): \(value)".utf8)
            )
        )
    }
}
