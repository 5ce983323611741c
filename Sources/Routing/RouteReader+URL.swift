import Documents

extension RouteReader {
    /// The destination and the compiled path and query of a URL; nil after a fault. `secrets` are the bytes of it that
    /// are shown nowhere; those of its origin are.
    mutating func readURL(
        _ node: SourceNode,
        _ syntax: MacroSyntax = .mustache,
        secrets: [Range<Int>] = [],
        scheme: PlainOrigins.Choice = .url
    ) -> (destination: UInt32, target: TemplateNumber)? {
        guard let text = node.text, !text.isEmpty else {
            log.error(
                at: node.position,
                node.text == nil ? "the url must be a text, not \(node.kind)" : "the url is empty",
                hint: "such as https://track.example.com/postback?cid={{click_id}}"
            )
            return nil
        }
        let written = Array(text.utf8)
        if written.first == 0x20 || written.last == 0x20 || written.last == 0x0A {
            log.error(at: node.position, "the url begins or ends with a blank", hint: "take it out")
            return nil
        }
        let translation = MacroTranslation(written, syntax, compiler.vocabulary)
        log.report(translation.flaws, in: node)
        if translation.isMixed { return nil }
        let url = translation.text
        let origin = readOrigin(url, node, translation)
        let target = readTarget(url[origin.end...], in: node, translation)
        guard let destination = origin.destination, let target else { return nil }
        if !secrets.isEmpty {
            let shift = origin.end < url.count && url[origin.end] == UInt8(ascii: "/") ? origin.end : origin.end - 1
            let hidden = secrets.filter { $0.lowerBound >= origin.end }
            draft.templates.hide(hidden.map { $0.lowerBound - shift..<$0.upperBound - shift }, in: target)
        }
        lint(written, destination, scheme, at: node.position)
        return (destination, target)
    }

    /// The destination, nil after a fault, and where the rest of the URL begins.
    private mutating func readOrigin(
        _ url: [UInt8],
        _ node: SourceNode,
        _ translation: MacroTranslation
    ) -> (destination: UInt32?, end: Int) {
        let end = originEnd(of: url)
        if let number = usualDestination(url[..<end]) { return (UInt32(number), end) }
        do throws(TemplateFlaw) {
            let split = try URLSplit(url)
            return (draft.number(of: split.destination), split.targetStart)
        } catch {
            log.report([error], in: node, through: translation)
            return (nil, min(max(end, error.offset), url.count))
        }
    }

    /// The destination of an origin in its usual form, a scheme and a name in small letters without a port, which needs no
    /// further look; nil for every other one.
    private mutating func usualDestination(_ origin: ArraySlice<UInt8>) -> Int? {
        let scheme: Destination.Scheme = origin.starts(with: "https://".utf8) ? .https : .http
        let start = scheme.rawValue.utf8.count + 3
        guard scheme == .https || origin.starts(with: "http://".utf8), HostName.isUsual(origin[start...]) else {
            return nil
        }
        return draft.number(ofDestination: DestinationIndex.key(scheme, scheme.defaultPort, origin[start...]))
    }

    /// A template that may be here already; nil after a fault.
    mutating func readTemplate(
        _ text: [UInt8],
        as kind: TemplateKind,
        in node: SourceNode,
        shift: Int = 0,
        through translation: MacroTranslation? = nil
    ) -> TemplateNumber? {
        if let number = draft.templates.number(of: text, kind) {
            if let warnings = templateWarnings[number] {
                log.report(warnings, in: node, shift: shift, through: translation)
            }
            return number
        }
        if kind == .target, let number = draft.templates.add(target: text) { return number }
        switch compiler.compile(text, as: kind) {
        case .failure(let refusal):
            log.report(refusal.flaws, in: node, shift: shift, through: translation)
            return nil
        case .success(let template):
            let number = draft.templates.add(template)
            if !template.warnings.isEmpty {
                templateWarnings[number] = template.warnings
                log.report(template.warnings, in: node, shift: shift, through: translation)
            }
            return number
        }
    }

    private mutating func readTarget(
        _ rest: ArraySlice<UInt8>,
        in node: SourceNode,
        _ translation: MacroTranslation
    ) -> TemplateNumber? {
        // An empty path is sent as "/" (RFC 9112, section 3.2.1).
        let needsSlash = rest.first != UInt8(ascii: "/")
        let text = needsSlash ? [UInt8(ascii: "/")] + rest : Array(rest)
        let shift = rest.startIndex - (needsSlash ? 1 : 0)
        return readTemplate(text, as: .target, in: node, shift: shift, through: translation)
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
