import Documents

/// The form that a publisher fills in for his tracker: checks what he entered, and makes the URL of it.
struct TrackerForm {
    let tracker: Tracker
    let compiler: TemplateCompiler
    private let plan: TrackerPlan
    /// By the number of the input: what was entered and found good, or what is taken where nothing was entered.
    private var entered: [String?]
    private var isFaulty = false

    init(_ tracker: Tracker, _ compiler: TemplateCompiler) {
        self.tracker = tracker
        self.compiler = compiler
        plan = tracker.plan
        entered = tracker.inputs.map(\.usual)
    }

    /// The keys that may stand beside `tracker`.
    static func keys(of tracker: Tracker) -> [String] {
        tracker.plan.keys
    }

    static let parametersKey = "parameters"

    /// The URL with its tokens; nil after a fault. `fields` are the entries beside `tracker` that are ``keys(of:)``,
    /// `position` is where the tracker's name stands.
    mutating func url(
        _ fields: [SourceNode.Entry],
        at position: SourcePosition,
        log: inout FaultLog
    ) -> String? {
        for (number, input) in tracker.inputs.enumerated() {
            read(input, number, fields.first { $0.key == input.name }, at: position, &log)
        }
        let query: String
        let choice = fields.first { $0.key == Self.parametersKey }
        if choice == nil, let usual = plan.usualQuery {
            query = usual
        } else {
            var parameters = TrackerParameterChoice(tracker.title, plan.parameters(entered))
            if let choice {
                log.path.append(choice.key)
                parameters.read(choice.value, compiler, &log)
                log.path.removeLast()
            }
            if parameters.isFaulty { return nil }
            query = parameters.query
        }
        if isFaulty { return nil }
        return plan.address(entered) + (query.isEmpty ? "" : "?" + query)
    }

    private mutating func read(
        _ input: TrackerInput,
        _ number: Int,
        _ field: SourceNode.Entry?,
        at position: SourcePosition,
        _ log: inout FaultLog
    ) {
        guard let field else {
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
            entered[number] = value
        } catch {
            log.error(at: field.value.position, error.message, hint: error.hint)
            isFaulty = true
        }
    }
}
