import Documents

/// What is sent as the query: the tracker's parameters, changed by what the publisher wrote under `parameters`.
///
/// There a text is the value to send, `true` asks for the tracker's own, and `false` leaves the parameter out.
struct TrackerParameterChoice {
    private(set) var isFaulty = false

    /// The tracker's title, for messages.
    private let title: String
    private let known: [TrackerParameter]
    /// The values to send, by name.
    private var values: [String: String] = [:]
    /// What the publisher asked for and the tracker does not send by itself, in the order of the file.
    private var further: [String] = []

    init(_ title: String, _ known: [TrackerParameter]) {
        self.title = title
        self.known = known
        for parameter in known where parameter.need != .optional { values[parameter.name] = parameter.value }
    }

    /// `name=value&name=value`.
    var query: String {
        var names = known.map(\.name).filter { values[$0] != nil }
        names += further.filter { name in !names.contains(name) }
        return names.compactMap { name in values[name].map { "\(name)=\($0)" } }.joined(separator: "&")
    }

    mutating func read(_ node: SourceNode, _ compiler: TemplateCompiler, _ log: inout FaultLog) {
        guard let entries = node.entries else {
            log.error(
                at: node.position,
                "parameters must be a mapping of name to value, not \(node.kind)",
                hint: "such as { txid: \"{{event_id}}\" }"
            )
            isFaulty = true
            return
        }
        for entry in entries {
            log.path.append(entry.key)
            if !read(entry, compiler, &log) { isFaulty = true }
            log.path.removeLast()
        }
    }

    /// False after a fault.
    private mutating func read(_ entry: SourceNode.Entry, _ compiler: TemplateCompiler, _ log: inout FaultLog) -> Bool {
        guard Self.isName(entry.key) else {
            log.error(
                at: entry.keyPosition,
                "\"\(entry.key)\" cannot be the name of a parameter",
                hint: "letters, digits, -, ., _ and ~; at most 100"
            )
            return false
        }
        guard case .scalar(let text, let quoted) = entry.value.content else {
            log.error(
                at: entry.value.position,
                "the value must be a text, not \(entry.value.kind)",
                hint: "true sends the tracker's own value, false leaves the parameter out"
            )
            return false
        }
        let parameter = known.first { $0.covers(entry.key) }
        if parameter == nil { warn(entry, &log) }
        switch (quoted, text.lowercased()) {
        case (false, "false"): return leaveOut(entry, parameter, &log)
        case (false, "true"):
            guard let value = parameter?.value else {
                log.error(
                    at: entry.value.position,
                    "\(title) does not say what \(entry.key) should be",
                    hint: "give it a value, such as \"{{sub_ids.campaign}}\""
                )
                return false
            }
            set(entry.key, value)
            return true
        default:
            guard TrackerValue.isGood(text, of: entry.key, in: entry.value, compiler, &log) else { return false }
            set(entry.key, parameter?.isSecret == true ? SecretMarks.around(text) : text)
            return true
        }
    }

    private mutating func set(_ name: String, _ value: String) {
        values[name] = value
        further.append(name)
    }

    private mutating func leaveOut(
        _ entry: SourceNode.Entry,
        _ parameter: TrackerParameter?,
        _ log: inout FaultLog
    ) -> Bool {
        if parameter?.need == .required {
            log.error(
                at: entry.value.position,
                "\(title) cannot do without \(entry.key)",
                hint: parameter?.meaning
            )
            return false
        }
        values[entry.key] = nil
        return true
    }

    /// Not an error: a tracker may read more than the pages that the catalogue was made from say.
    private func warn(_ entry: SourceNode.Entry, _ log: inout FaultLog) {
        let closest = Suggestion.closest(to: entry.key, among: known.map(\.name))
        log.warning(
            at: entry.keyPosition,
            "\(title) is not known to read a parameter \"\(entry.key)\"; it is sent as you wrote it",
            hint: closest.map { "probably \($0)" }
                ?? "known: \(known.map(\.name).joined(separator: ", "))"
        )
    }

    private static func isName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count) && name.utf8.allSatisfy(URICharacters.isUnreserved)
    }
}
