import Documents

/// Reads a routes document into a draft of the table, and goes on after a fault so that all of them are told at once.
struct RouteReader {
    var log: FaultLog
    var draft = RouteStoreDraft()
    let compiler: TemplateCompiler
    /// What `tracker` may name.
    var trackers = TrackerCatalogue.builtIn
    /// The line of each publisher's key, for one that comes again; of those that were refused by their keys.
    private var publisherLines: [UInt32] = []
    private var refusedPublishers: [String: Int] = [:]
    /// Warnings of stored templates, told again wherever the same text stands.
    var templateWarnings: [TemplateNumber: [TemplateFlaw]] = [:]
    /// The publisher's own, for URLs that say nothing; nil when he names none that there is, and they cannot be read.
    var defaultSyntax: MacroSyntax? = .mustache
    var defaultModeOrigin = RouteStore.ModeOrigin.usual
    var plainOrigins = PlainOrigins()
    /// How many destinations were looked at, and those of them that there is something to say about.
    var destinationsSeen = 0
    var destinationTraits: [UInt32: DestinationTraits] = [:]
    /// Why requests to a destination will be refused, as far as it can be told.
    var refusal: (Destination) -> String? = { _ in nil }

    /// The most bytes of a publisher's, an offer's or a smartlink's id: what an event may hold.
    private static let longestID = 200 * 4

    init(file: String, vocabulary: TokenVocabulary, secrets: SecretStore = .empty, mostWarnings: Int = .max) {
        log = FaultLog(file: file, mostWarnings: mostWarnings)
        var vocabulary = vocabulary
        vocabulary.secrets = secrets
        compiler = TemplateCompiler(vocabulary: vocabulary)
        draft.templates.pointers = vocabulary.pointers
    }

    mutating func read(_ document: SourceNode) {
        guard case .mapping(let entries) = document.content else {
            log.error(
                at: document.position,
                "the routes must be a mapping with the key publishers, not \(document.kind)",
                hint: "for no routes at all write publishers: {}"
            )
            return
        }
        var mode = RouteMode.override
        for entry in entries where entry.key == "mode" {
            mode = self.mode(entry) ?? mode
            defaultModeOrigin = .routes
        }
        // Of those that were read before the rest of the document was known.
        draft.setMode(mode, from: defaultModeOrigin)
        var hasPublishers = false
        for entry in entries {
            switch entry.key {
            case "publishers":
                hasPublishers = true
                readPublishers(entry, mode: mode)
            case "mode": break
            default: refuse(entry, allowed: RouteKeys.document)
            }
        }
        if !hasPublishers {
            log.error(
                at: document.position,
                "there is no key publishers",
                hint: "for no routes at all write publishers: {}"
            )
        }
        warnOfPlainHTTP()
    }

    /// One publisher of a document that is read later.
    mutating func read(publisher: SourceNode.Entry) {
        log.path.append("publishers")
        readPublisher(publisher, mode: .override)
        log.path.removeLast()
    }

    /// What was read; nothing is left.
    mutating func takeDraft() -> RouteStoreDraft {
        let result = draft
        draft = RouteStoreDraft()
        return result
    }

    private mutating func readPublishers(_ entry: SourceNode.Entry, mode: RouteMode) {
        log.path.append(entry.key)
        defer { log.path.removeLast() }
        guard case .mapping(let publishers) = entry.value.content else {
            log.error(
                at: entry.value.position,
                "publishers must be a mapping of publisher id to postbacks, not \(entry.value.kind)",
                hint: "for no publishers at all write {}"
            )
            return
        }
        for publisher in publishers { readPublisher(publisher, mode: mode) }
    }

    private mutating func readPublisher(_ publisher: SourceNode.Entry, mode defaultMode: RouteMode) {
        if let line = lineOfFirst(publisher) {
            log.error(
                at: publisher.keyPosition,
                path: "",
                "the key \"\(publisher.key)\" is given twice; the first is in line \(line)",
                hint: "keep one of them"
            )
            return
        }
        let known = draft.publishers.count
        readNewPublisher(publisher, mode: defaultMode)
        if draft.publishers.count > known {
            publisherLines.append(UInt32(clamping: publisher.keyPosition.line))
        } else {
            refusedPublishers[publisher.key] = publisher.keyPosition.line
        }
    }

    /// Where a publisher's key stands already.
    private func lineOfFirst(_ publisher: SourceNode.Entry) -> Int? {
        if !refusedPublishers.isEmpty, let line = refusedPublishers[publisher.key] { return line }
        let number = draft.publisherIDs.find(owner: RouteStore.anyOwner, Array(publisher.key.utf8).span)
        return number.map { Int(publisherLines[$0]) }
    }

    private mutating func readNewPublisher(_ publisher: SourceNode.Entry, mode defaultMode: RouteMode) {
        log.path.append(publisher.key)
        defer { log.path.removeLast() }
        guard checkID(publisher, "publisher") else { return }
        guard let entries = publisher.value.entries else {
            let hint = publisher.value.text == nil ? nil : "a URL goes under global: { url: ... }"
            log.error(
                at: publisher.value.position,
                "a publisher must be a mapping with global, offers or smartlinks, not \(publisher.value.kind)",
                hint: hint
            )
            return
        }
        var mode = defaultMode
        for entry in entries where entry.key == "mode" { mode = self.mode(entry) ?? mode }
        let syntaxField = entries.first { $0.key == "syntax" }
        defaultSyntax = syntaxField == nil ? .mustache : syntax(syntaxField)
        let origin = entries.contains { $0.key == "mode" } ? .publisher : defaultModeOrigin
        guard let number = draft.addPublisher(publisher.key, mode: mode, from: origin) else {
            log.error(at: publisher.keyPosition, "this publisher stands in the file twice")
            return
        }
        var hasPostback = false
        for entry in entries {
            switch entry.key {
            case "global":
                hasPostback = true
                log.path.append(entry.key)
                draft.setGlobal(of: number, readScope(entry.value))
                log.path.removeLast()
            case "offers": if readScopes(entry, .offer, of: number) { hasPostback = true }
            case "smartlinks": if readScopes(entry, .smartlink, of: number) { hasPostback = true }
            case "mode", "syntax": break
            default:
                hasPostback = true
                refuse(entry, allowed: RouteKeys.publisher)
            }
        }
        if !hasPostback { log.warning(at: publisher.keyPosition, "this publisher has no postback") }
    }

    /// True when there is at least one.
    private mutating func readScopes(_ entry: SourceNode.Entry, _ scope: RouteScope, of publisher: Int) -> Bool {
        log.path.append(entry.key)
        defer { log.path.removeLast() }
        guard let ids = entry.value.entries else {
            log.error(
                at: entry.value.position,
                "\(entry.key) must be a mapping of \(scope.rawValue) id to postback, not \(entry.value.kind)",
                hint: "such as \"5512\": { url: \"https://...\" }"
            )
            return true
        }
        for id in ids {
            log.path.append(id.key)
            if checkID(id, scope.rawValue) {
                let entries = readScope(id.value)
                if !draft.addScope(scope, id.key, of: publisher, entries) {
                    log.error(at: id.keyPosition, "this \(scope.rawValue) stands here twice")
                }
            }
            log.path.removeLast()
        }
        return !ids.isEmpty
    }

    private mutating func checkID(_ entry: SourceNode.Entry, _ what: String) -> Bool {
        if entry.key.utf8.allSatisfy({ $0 == 0x20 }) {
            log.error(at: entry.keyPosition, "the \(what) id is empty")
            return false
        }
        if entry.key.utf8.count > Self.longestID {
            log.error(at: entry.keyPosition, "the \(what) id is longer than an event's can be (200 characters)")
            return false
        }
        return true
    }

    private mutating func mode(_ entry: SourceNode.Entry) -> RouteMode? {
        log.path.append(entry.key)
        defer { log.path.removeLast() }
        if let text = entry.value.text, let mode = RouteMode(rawValue: text) { return mode }
        let allowed = RouteMode.allCases.map(\.rawValue)
        let closest = entry.value.text.flatMap { Suggestion.closest(to: $0, among: allowed) }
        log.error(
            at: entry.value.position,
            entry.value.text.map { "there is no mode \"\($0)\"" } ?? "the mode must be a word, not \(entry.value.kind)",
            hint: closest.map { "probably \($0)" } ?? "allowed: \(allowed.joined(separator: ", "))"
        )
        return nil
    }

    mutating func refuse(_ entry: SourceNode.Entry, allowed: [String]) {
        let refusal = RouteKeys.refusal(of: entry.key, allowed: allowed)
        log.path.append(entry.key)
        log.error(at: entry.keyPosition, refusal.message, hint: refusal.hint)
        log.path.removeLast()
    }
}
