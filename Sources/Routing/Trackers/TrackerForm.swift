import Documents

/// The form that a publisher fills in for his tracker: checks what he entered, and makes the URL of it.
struct TrackerForm {
    let tracker: Tracker
    let compiler: TemplateCompiler
    /// What was entered and found good, and what is taken where nothing was entered.
    private var entered: [String: String] = [:]
    private var isFaulty = false

    init(_ tracker: Tracker, _ compiler: TemplateCompiler) {
        self.tracker = tracker
        self.compiler = compiler
    }

    /// The keys that may stand beside `tracker`.
    static func keys(of tracker: Tracker) -> [String] {
        tracker.inputs.map(\.name) + [TrackerForm.parametersKey]
    }

    static let parametersKey = "parameters"

    /// The URL with its tokens; nil after a fault. `fields` are the entries beside `tracker` that are ``keys(of:)``,
    /// `position` is where the tracker's name stands.
    mutating func url(
        _ fields: [SourceNode.Entry],
        at position: SourcePosition,
        log: inout FaultLog
    ) -> String? {
        for input in tracker.inputs { read(input, fields.first { $0.key == input.name }, at: position, &log) }
        let names = TrackerNames(tracker, entered)
        var choice = TrackerParameterChoice(names)
        if let field = fields.first(where: { $0.key == Self.parametersKey }) {
            log.path.append(field.key)
            choice.read(field.value, compiler, &log)
            log.path.removeLast()
        }
        if isFaulty || choice.isFaulty { return nil }
        let query = choice.query
        return names.address + (query.isEmpty ? "" : "?" + query)
    }

    private mutating func read(
        _ input: TrackerInput,
        _ field: SourceNode.Entry?,
        at position: SourcePosition,
        _ log: inout FaultLog
    ) {
        guard let field else {
            entered[input.name] = input.usual
            if input.isRequired {
                log.error(
                    at: position,
                    "\(tracker.title) needs \(input.name): \(input.meaning)",
                    hint: "such as \(input.name): \(input.example)"
                )
                isFaulty = true
            }
            return
        }
        log.path.append(field.key)
        defer { log.path.removeLast() }
        guard let text = field.value.text else {
            log.error(
                at: field.value.position,
                "the \(input.name) must be a text, not \(field.value.kind)",
                hint: "\(input.meaning), such as \(input.example)"
            )
            isFaulty = true
            return
        }
        do throws(TrackerInput.Flaw) {
            let value = try input.canonical(text)
            if input.kind == .text, !TrackerValue.isGood(value, of: input.name, in: field.value, compiler, &log) {
                isFaulty = true
                return
            }
            entered[input.name] = value
        } catch {
            log.error(at: field.value.position, error.message, hint: error.hint)
            isFaulty = true
        }
    }
}
