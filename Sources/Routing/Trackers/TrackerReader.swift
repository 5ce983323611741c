import Conversion
import Documents

/// Reads the `trackers` of a configuration: entries of the catalogue's own shape.
struct TrackerReader {
    /// Reads with the routes' reader, so that a tracker's URL and answers are held to the rules of a route's.
    var routes: RouteReader

    static let keys = [
        "title", "other_names", "url", "inputs", "parameters", "statuses", "success", "duplicate", "notes", "sources",
        "verified",
    ]

    init(file: String, vocabulary: TokenVocabulary) {
        routes = RouteReader(file: file, vocabulary: vocabulary)
    }

    /// All trackers that are without fault.
    mutating func read(_ node: SourceNode) -> [Tracker] {
        guard let entries = node.entries else {
            routes.log.path = ["trackers"]
            routes.log.error(
                at: node.position,
                "must be a mapping from the name of a tracker to its entry, not \(node.kind)"
            )
            return []
        }
        return entries.compactMap { entry in
            routes.log.path = ["trackers", entry.key]
            let before = routes.log.errorCount
            let tracker = self.tracker(entry)
            return routes.log.errorCount == before ? tracker : nil
        }
    }

    private mutating func tracker(_ entry: SourceNode.Entry) -> Tracker? {
        if let flaw = Self.nameFlaw(entry.key) {
            routes.log.error(at: entry.keyPosition, flaw.message, hint: flaw.hint)
            return nil
        }
        guard case .mapping(let fields) = entry.value.content else {
            routes.log.error(
                at: entry.value.position,
                "a tracker must be a mapping with a url, not \(entry.value.kind)",
                hint: "such as { url: \"https://<domain>/postback?cid={{click_id}}\" }"
            )
            return nil
        }
        for field in fields where !Self.keys.contains(field.key) {
            let closest = Suggestion.closest(to: field.key, among: Self.keys)
            routes.log.error(
                at: field.keyPosition,
                "there is no key \"\(field.key)\" in a tracker",
                hint: closest.map { "probably \($0)" } ?? "allowed: \(Self.keys.joined(separator: ", "))"
            )
        }
        func field(_ key: String) -> SourceNode.Entry? { fields.first { $0.key == key } }
        guard let url = field("url"), let text = url.value.text, !text.isEmpty else {
            routes.log.error(
                at: field("url")?.value.position ?? entry.keyPosition,
                "the tracker has no url",
                hint: "such as url: \"https://<domain>/postback?cid={{click_id}}\""
            )
            return nil
        }
        let pattern = TrackerPattern(text)
        var tracker = Tracker(
            name: entry.key,
            title: self.text(field("title")) ?? entry.key,
            address: pattern.address,
            parameters: [],
            isVerified: boolean(field("verified")) ?? false
        )
        tracker.otherNames = texts(field("other_names")).map { $0.lowercased() }
        tracker.notes = texts(field("notes"))
        tracker.sources = texts(field("sources"))
        tracker.statuses = statuses(field("statuses"))
        tracker.parameters = parameters(field("parameters"), pattern, at: url)
        tracker.inputs = inputs(field("inputs"), tracker, at: url)
        readAnswers(field("success"), field("duplicate"), into: &tracker)
        checkExample(of: tracker, at: url, inputs: field("inputs"))
        return tracker
    }

    private static func nameFlaw(_ name: String) -> (message: String, hint: String)? {
        if name != name.lowercased() {
            return ("the name \"\(name)\" must be in lower case", "probably \(name.lowercased())")
        }
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy(TokenName.isCharacter) else {
            return ("\"\(name)\" cannot be the name of a tracker", "1 to 64 lower-case letters, digits, -, _ or dots")
        }
        return nil
    }

    private mutating func statuses(_ field: SourceNode.Entry?) -> [ConversionStatus: String] {
        guard let field else { return [:] }
        return routes.log.within(field.key) { log in
            guard let entries = field.value.entries else {
                log.error(at: field.value.position, "must be a mapping of status to word, not \(field.value.kind)")
                return [:]
            }
            var words: [ConversionStatus: String] = [:]
            for entry in entries {
                let allowed = ConversionStatus.allCases.map(\.name)
                guard let status = ConversionStatus.allCases.first(where: { $0.name == entry.key }) else {
                    let closest = Suggestion.closest(to: entry.key, among: allowed)
                    log.error(
                        at: entry.keyPosition,
                        "there is no status \"\(entry.key)\"",
                        hint: closest.map { "probably \($0)" } ?? "allowed: \(allowed.joined(separator: ", "))"
                    )
                    continue
                }
                guard let word = entry.value.text, !word.isEmpty, !word.contains(where: { ",=\"\\".contains($0) })
                else {
                    log.error(at: entry.value.position, "must be a word without , = \" or \\")
                    continue
                }
                words[status] = word
            }
            return words
        }
    }

    mutating func text(_ field: SourceNode.Entry?) -> String? {
        guard let field else { return nil }
        if let text = field.value.text, !text.isEmpty { return text }
        return routes.log.within(field.key) { log in
            log.error(at: field.value.position, "must be a text, not \(field.value.kind)")
            return nil
        }
    }

    /// One text, or a list of them.
    private mutating func texts(_ field: SourceNode.Entry?) -> [String] {
        guard let field else { return [] }
        if let text = field.value.text, !text.isEmpty { return [text] }
        if case .sequence(let nodes) = field.value.content {
            let texts = nodes.compactMap(\.text)
            if texts.count == nodes.count { return texts }
        }
        return routes.log.within(field.key) { log in
            log.error(at: field.value.position, "must be a text or a list of texts")
            return []
        }
    }

    mutating func boolean(_ field: SourceNode.Entry?) -> Bool? {
        guard let field else { return nil }
        switch PostbackScalar(node: field.value).boolean {
        case .success(let value): return value
        case .failure(let flaw):
            return routes.log.within(field.key) { log in
                log.error(at: field.value.position, flaw.message, hint: flaw.hint)
                return nil
            }
        }
    }
}

extension FaultLog {
    /// Runs `body` one level deeper in the document.
    mutating func within<Value>(_ key: String, _ body: (inout FaultLog) -> Value) -> Value {
        path.append(key)
        defer { path.removeLast() }
        return body(&self)
    }
}
