import Documents

extension RouteReader {
    /// The destination and the compiled path and query of a URL; nil after a fault.
    mutating func readURL(_ node: SourceNode) -> (destination: UInt32, target: TemplateNumber)? {
        guard let text = node.text, !text.isEmpty else {
            log.error(
                at: node.position,
                node.text == nil ? "the url must be a text, not \(node.kind)" : "the url is empty",
                hint: "such as https://track.example.com/postback?cid={{click_id}}"
            )
            return nil
        }
        let url = Array(text.utf8)
        if url.first == 0x20 || url.last == 0x20 || url.last == 0x0A {
            log.error(at: node.position, "the url begins or ends with a blank", hint: "take it out")
            return nil
        }
        let end = originEnd(of: url)
        var destination = origins.find(owner: 0, url.span.extracting(..<end)).map { originDestinations[$0] }
        var targetStart = end
        if destination == nil {
            do throws(TemplateFlaw) {
                let split = try URLSplit(url)
                targetStart = split.targetStart
                let number = draft.number(of: split.destination)
                if origins.insert(owner: 0, url.span.extracting(..<targetStart)).isNew {
                    originDestinations.append(number)
                }
                destination = number
            } catch {
                log.report([error], in: node)
                targetStart = min(max(end, error.offset), url.count)
            }
        }
        let target = readTarget(url[targetStart...], in: node)
        guard let destination, let target else { return nil }
        return (destination, target)
    }

    /// A template that may be here already; nil after a fault.
    mutating func readTemplate(
        _ text: [UInt8],
        as kind: TemplateKind,
        in node: SourceNode,
        shift: Int = 0
    ) -> TemplateNumber? {
        if let number = draft.templates.number(of: text, kind) {
            if let warnings = templateWarnings[number] { log.report(warnings, in: node, shift: shift) }
            return number
        }
        switch compiler.compile(text, as: kind) {
        case .failure(let refusal):
            log.report(refusal.flaws, in: node, shift: shift)
            return nil
        case .success(let template):
            let number = draft.templates.add(template)
            if !template.warnings.isEmpty {
                templateWarnings[number] = template.warnings
                log.report(template.warnings, in: node, shift: shift)
            }
            return number
        }
    }

    private mutating func readTarget(_ rest: ArraySlice<UInt8>, in node: SourceNode) -> TemplateNumber? {
        // An empty path is sent as "/" (RFC 9112, section 3.2.1).
        let needsSlash = rest.first != UInt8(ascii: "/")
        let text = needsSlash ? [UInt8(ascii: "/")] + rest : Array(rest)
        return readTemplate(text, as: .target, in: node, shift: rest.startIndex - (needsSlash ? 1 : 0))
    }

    /// Where the origin ends, if the URL begins with one.
    private func originEnd(of url: [UInt8]) -> Int {
        guard let colon = url.firstIndex(of: UInt8(ascii: ":")) else { return url.count }
        let authority = min(colon + 3, url.count)
        return url[authority...].firstIndex {
            $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#")
        }
            ?? url.count
    }
}
