import Documents

/// The form that a publisher fills in for his tracker: checks what he entered, and makes the URL of it.
struct TrackerForm {
    private let plan: TrackerPlan
    private let compiler: TemplateCompiler
    /// By the number of the input: what was entered and found good, or what is taken where nothing was entered.
    private var entered: [String?]
    private var isFaulty = false

    init(_ plan: TrackerPlan, _ compiler: TemplateCompiler) {
        self.plan = plan
        self.compiler = compiler
        entered = plan.usual
    }

    static let parametersKey = "parameters"

    /// The URL with its tokens, and which bytes of it are secret; nil after a fault. `fields` are the entries beside `tracker` that are among ``TrackerPlan/keys``,
    /// `position` is where the tracker's name stands.
    mutating func url(
        _ fields: [SourceNode.Entry],
        at position: SourcePosition,
        log: inout FaultLog
    ) -> (text: String, secrets: [Range<Int>])? {
        for number in plan.inputs.indices {
            read(plan.inputs[number], number, fields, at: position, &log)
        }
        let query: String
        let choice = fields.first { $0.key == Self.parametersKey }
        if choice == nil, let usual = plan.usualQuery {
            query = usual
        } else {
            let known = plan.parameters(entered)
            refuseTwins(known, fields, at: position, &log)
            var parameters = TrackerParameterChoice(plan.tracker.title, known)
            if let choice {
                log.path.append(choice.key)
                parameters.read(choice.value, compiler, &log)
                log.path.removeLast()
            }
            if parameters.isFaulty { return nil }
            query = parameters.query
        }
        if isFaulty { return nil }
        let text = plan.url(entered, query: query)
        return plan.hasSecrets ? SecretMarks.takenOut(of: text) : (text, [])
    }

    /// Two parameters may come out with one name where the publisher enters the names; one value would be lost.
    private mutating func refuseTwins(
        _ known: [TrackerParameter],
        _ fields: [SourceNode.Entry],
        at position: SourcePosition,
        _ log: inout FaultLog
    ) {
        let names = known.filter { $0.need != .optional && $0.value != nil }.map(\.name)
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            let inputs = plan.inputs.enumerated().filter { entered[$0.offset] == name }.map(\.element.name)
            let field = fields.last { inputs.contains($0.key) }
            if let field { log.path.append(field.key) }
            log.error(
                at: field?.value.position ?? position,
                "two parameters would have the name \"\(name)\", and only one of them would be sent",
                hint: inputs.count > 1 ? "give \(inputs.joined(separator: " and ")) different names" : "give it another"
            )
            if field != nil { log.path.removeLast() }
            isFaulty = true
        }
    }

    private mutating func read(
        _ input: TrackerInput,
        _ number: Int,
        _ fields: [SourceNode.Entry],
        at position: SourcePosition,
        _ log: inout FaultLog
    ) {
        guard let field = fields.first(where: { $0.key == input.name }) else {
            if input.isRequired {
                log.error(
                    at: position,
                    "\(plan.tracker.title) needs \(input.name): \(input.meaning)",
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
            entered[number] = input.isSecret ? SecretMarks.around(value) : value
        } catch {
            log.error(at: field.value.position, error.message, hint: error.hint)
            isFaulty = true
        }
    }
}
