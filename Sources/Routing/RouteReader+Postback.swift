import Documents

extension RouteReader {
    /// The shortest and the longest time-out of an attempt.
    static let timeouts = Milliseconds(100)...Milliseconds(60_000)

    /// One postback; nil when nothing can be made of it.
    mutating func readPostback(_ node: SourceNode) -> RouteStoreDraft.Entry? {
        var entry = RouteStoreDraft.Entry(name: "default", isEnabled: true, isSuppressed: false, settings: 0)
        var request = RequestDraft()
        var rules = PostbackRules()
        var syntax: SourceNode.Entry?
        let source = source(of: node)
        let tracker = node.entries?.first { $0.key == "tracker" }
        request.settings.origin = origin(of: source, trackerName: tracker?.value.text)
        entry.line = UInt32(clamping: node.position.line)
        for field in source.fields {
            switch field.key {
            case "name": entry.name = read(field, \.name) ?? entry.name
            case "enabled": entry.isEnabled = read(field, \.boolean) ?? true
            case "suppress": entry.isSuppressed = read(field, \.boolean) ?? false
            case "syntax": syntax = field
            case "when", "sample", "payout_share": readRule(field, &rules)
            default: if !readSetting(field, &request) { refuse(field, allowed: RouteKeys.postback) }
            }
        }
        if entry.isSuppressed { checkSuppress(source) }
        if source.isFaulty { return nil }
        guard let url = source.url else {
            entry.rules = draft.number(of: rules)
            return withoutURL(entry, node)
        }
        if source.isTracker, let syntax { refuseSyntax(syntax) }
        let written = source.isTracker ? .mustache : syntax == nil ? defaultSyntax : self.syntax(syntax)
        if let written {
            log.path.append(url.key)
            let scheme = source.isTracker ? node.entries?.first { $0.key == "scheme" } : nil
            entry.address = readURL(
                url.value,
                written,
                secrets: source.secrets,
                scheme: source.isTracker ? scheme.map { .input($0) } ?? .fixed : .url
            )
            log.path.removeLast()
        }
        readRequest(&request)
        readAnswers(&request, source)
        if let sign = request.sign { request.settings.signature = readSignature(sign, request, entry.address?.target) }
        checkAges(request)
        entry.settings = draft.number(of: request.settings)
        entry.rules = draft.number(of: rules)
        guard let address = entry.address else { return nil }
        if entry.isSendable { checkClickID(address.target, request.settings, url) }
        return entry
    }

    /// Sending nothing takes conditions and no more. What it says about a request is kept for when it is sent again, if
    /// there is a request.
    private mutating func checkSuppress(_ source: PostbackSource) {
        for field in source.fields where !["name", "enabled", "suppress", "when"].contains(field.key) {
            let isRule = field.key == "sample"
            guard isRule || (source.url == nil && !source.isFaulty) else { continue }
            log.path.append(field.key)
            log.error(
                at: field.keyPosition,
                "\(field.key) means nothing beside suppress: true",
                hint: isRule
                    ? "suppress sends nothing, for all conversions or for those that when names"
                    : "only when, name and enabled stand there; leave it out, or add the url that it is for"
            )
            log.path.removeLast()
        }
    }

    private mutating func checkClickID(
        _ target: TemplateNumber,
        _ settings: PostbackSettings,
        _ url: SourceNode.Entry
    ) {
        if draft.templates.head(of: target).hasClickID { return }
        let others = settings.headers.map(\.value) + (settings.body.map { [$0] } ?? [])
        if others.contains(where: { draft.templates.head(of: $0).hasClickID }) { return }
        log.path.append(url.key)
        log.warning(
            at: url.value.position,
            "no click id is sent: the publisher cannot tell which click converted",
            hint: "put {{click_id}} into the URL"
        )
        log.path.removeLast()
    }

    private mutating func withoutURL(_ entry: RouteStoreDraft.Entry, _ node: SourceNode) -> RouteStoreDraft.Entry? {
        if entry.isSuppressed { return entry }
        if !entry.isEnabled {
            log.warning(
                at: node.position,
                "enabled: false without a url changes nothing: the next scope applies as if this one were not there",
                hint: "to send nothing here write suppress: true"
            )
            return entry
        }
        log.error(
            at: node.position,
            "the postback has no url and no tracker",
            hint: "or suppress: true, to send nothing"
        )
        return nil
    }

    /// A field's value as one of the ``PostbackScalar``s, or nil and a fault.
    mutating func read<Value>(
        _ field: SourceNode.Entry,
        _ value: KeyPath<PostbackScalar, Result<Value, PostbackScalar.Flaw>>
    ) -> Value? {
        read(field) { $0[keyPath: value] }
    }

    /// A field's value as what `value` makes of it, or nil and a fault.
    mutating func read<Value>(
        _ field: SourceNode.Entry,
        _ value: (PostbackScalar) -> Result<Value, PostbackScalar.Flaw>
    ) -> Value? {
        switch value(PostbackScalar(node: field.value)) {
        case .success(let value): return value
        case .failure(let flaw):
            log.path.append(field.key)
            log.error(at: field.value.position, flaw.message, hint: flaw.hint)
            log.path.removeLast()
            return nil
        }
    }
}
