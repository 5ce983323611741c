import Documents

/// What one postback is read from: its own fields, or those with what its tracker makes of them. Both ways go through
/// the same checks.
struct PostbackSource {
    /// The URL, under the key that gave it: `url` or `tracker`. nil when there is none, or a faulty one.
    var url: SourceNode.Entry?
    /// The bytes of the URL that are shown nowhere.
    var secrets: [Range<Int>] = []
    /// All other fields.
    var fields: [SourceNode.Entry] = []
    /// Answer rules that hold unless the fields have their own.
    var success: SourceNode?
    var duplicate: SourceNode?
    /// The URL comes from a tracker, written in `{{}}`.
    var isTracker = false
    /// What the URL would be made of is faulty, and was reported.
    var isFaulty = false
}

extension RouteReader {
    /// Finds where the URL of a postback comes from.
    mutating func source(of node: SourceNode) -> PostbackSource {
        let fields = node.entries ?? []
        guard let field = fields.first(where: { $0.key == "tracker" }) else {
            // Nearly all postbacks of a large file are this alone.
            if fields.count == 1, fields[0].key == "url" { return PostbackSource(url: fields[0]) }
            return PostbackSource(
                url: fields.first { $0.key == "url" },
                fields: fields.filter { $0.key != "url" }
            )
        }
        var source = PostbackSource(isTracker: true)
        guard let plan = tracker(field) else {
            // Which keys belong to it cannot be known: the rest is read as far as it is.
            source.isFaulty = true
            source.fields = fields.filter { $0.key != "url" && RouteKeys.beside.contains($0.key) }
            return source
        }
        let keys = plan.keys
        source.fields = fields.filter { $0.key != field.key && !keys.contains($0.key) }
        refuseUnknown(&source.fields, beside: plan)
        if let url = source.fields.first(where: { $0.key == "url" }) {
            source.fields.removeAll { $0.key == "url" }
            source.isFaulty = true
            log.path.append(url.key)
            log.error(
                at: url.keyPosition,
                "a postback has either a url or a tracker",
                hint: "\(plan.tracker.title) makes the URL; leave one of them out"
            )
            log.path.removeLast()
        }
        guard let draft = readTracker(plan, field, fields.filter { keys.contains($0.key) }) else {
            source.isFaulty = true
            return source
        }
        source.url = SourceNode.Entry(key: field.key, keyPosition: field.keyPosition, value: draft.url)
        source.secrets = draft.secrets
        source.success = draft.success
        source.duplicate = draft.duplicate
        return source
    }
}
