import Documents

extension RouteReader {
    /// The shortest and the longest time-out of an attempt.
    static let timeouts = Milliseconds(100)...Milliseconds(60_000)

    /// One postback; nil when nothing can be made of it.
    mutating func readPostback(_ node: SourceNode) -> RouteStoreDraft.Entry? {
        var entry = RouteStoreDraft.Entry(name: "default", isEnabled: true, isSuppressed: false, settings: 0)
        var request = RequestDraft()
        var url: SourceNode.Entry?
        var failed = false
        for field in node.entries ?? [] {
            switch field.key {
            case "url": url = field
            case "name": entry.name = read(field, \.name) ?? entry.name
            case "enabled": entry.isEnabled = read(field, \.boolean) ?? true
            case "suppress": entry.isSuppressed = read(field, \.boolean) ?? false
            case "timeout": request.settings.timeout = read(field, \.timeout)
            case "method": request.settings.method = read(field, \.method) ?? .get
            case "headers": request.headers = field
            case "body": request.body = field
            case "content_type": request.contentType = field
            default:
                failed = failed || field.key == "tracker"
                refuse(field, allowed: RouteKeys.postback)
            }
        }
        guard let url else {
            if failed { return nil }
            return withoutURL(entry, node)
        }
        log.path.append(url.key)
        entry.address = readURL(url.value)
        log.path.removeLast()
        readRequest(&request)
        entry.settings = draft.number(of: request.settings)
        guard let address = entry.address else { return nil }
        let parts =
            [address.target] + request.settings.headers.map(\.value) + (request.settings.body.map { [$0] } ?? [])
        if entry.isSendable, !parts.contains(where: { draft.templates.head(of: $0).hasClickID }) {
            log.path.append(url.key)
            log.warning(
                at: url.value.position,
                "no click id is sent: the publisher cannot tell which click converted",
                hint: "put {{click_id}} into the URL"
            )
            log.path.removeLast()
        }
        return entry
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
        log.error(at: node.position, "the postback has no url", hint: "or suppress: true, to send nothing")
        return nil
    }

    /// A field's value as one of the ``PostbackScalar``s, or nil and a fault.
    private mutating func read<Value>(
        _ field: SourceNode.Entry,
        _ value: KeyPath<PostbackScalar, Result<Value, PostbackScalar.Flaw>>
    ) -> Value? {
        switch PostbackScalar(node: field.value)[keyPath: value] {
        case .success(let value): return value
        case .failure(let flaw):
            log.path.append(field.key)
            log.error(at: field.value.position, flaw.message, hint: flaw.hint)
            log.path.removeLast()
            return nil
        }
    }
}
