import ArgumentParser
import Conversion
import Documents
import Routing
import Worker

/// `postback test`: one test conversion, sent once, now.
struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send a test conversion to the postbacks it resolves to: once, now, without the broker.",
        discussion: """
            The request is the one a worker would send, from this machine and within the egress policy; no header marks \
            it. The event says test: true, and its id, in the header Idempotency-Key, begins with test-. The receiver \
            counts it as a conversion if it knows the click id: give one of your own with --click-id. A delay is not \
            waited for. What is not said has a sensible value, which is shown; with --event the file says it.

            Exit code 0 when every delivery was delivered (with --dry-run: could be sent), 1 otherwise, 2 for a wrong \
            option, event or configuration.
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var conversion: ConversionOptions

    @Option(
        help: ArgumentHelp(
            "Take all else from this event, or - for standard input; its id is replaced.",
            valueName: "file"
        )
    )
    var event: String?

    @Option(
        help: ArgumentHelp(
            "Send to this postback only, by its route key, whatever its rules and the other scopes say.",
            valueName: "key"
        )
    )
    var route: String?

    @Flag(help: "Show what would be sent, and send nothing.") var dryRun = false
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        if conversion.publisher == nil, event == nil, route == nil {
            throw ValidationError("Missing expected argument '--publisher <id>' (or --event, or --route)")
        }
    }

    func run() throws {
        let (settings, options) = try configuration.loadOrFail()
        let (table, missing) = try configuration.lookAtRoutes(settings)
        let context = ExplanationContext.now(settings, options)
        let postback = try namedPostback(in: table)
        let text = try eventText(for: postback, context)
        let event = try EventFile.decode(Array(text.utf8), from: "the test conversion")
        let report: TestReport
        if let postback {
            try check(postback, event)
            try checkSecrets([postback], missing)
            report = try send([postback], text, event, nil, context, options)
        } else {
            var resolution = Resolution()
            table.resolve(event, into: &resolution)
            try checkSecrets(resolution.postbacks, missing)
            let explanation = table.explain(event, context)
            report = try send(resolution.postbacks, text, event, explanation, context, options)
        }
        if json {
            try Console.print(json: Output(report: report))
        } else {
            Console.print(report.text)
        }
        if !report.isSuccess { throw CommandFailure(CommandFailure.failed) }
    }

    /// The report and the conversion itself, as the object that it is.
    private struct Output: Encodable {
        let report: TestReport

        private enum CodingKeys: String, CodingKey {
            case event
        }

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(JSONValue(parsing: report.event), forKey: .event)
        }
    }

    /// A stand-in would be refused by the receiver.
    private func checkSecrets(_ postbacks: [Postback], _ missing: [String: Fault]) throws(CommandFailure) {
        if dryRun { return }
        for postback in postbacks {
            let names = postback.secretNames.filter { missing[$0] != nil }.sorted()
            if names.isEmpty { continue }
            let faults = configuration.located(names.compactMap { missing[$0] })
            throw CommandFailure(
                CommandFailure.usage,
                "\(postback.key) needs a secret that is missing; --dry-run does without\n\(FaultyDocument(faults))"
            )
        }
    }

    private func namedPostback(in table: RouteTable) throws(CommandFailure) -> Postback? {
        guard let route else { return nil }
        if let postback = table.postback(forKey: Array(route.utf8)) { return postback }
        throw CommandFailure(
            CommandFailure.usage,
            "--route: the routes have no postback \(PrintableText.line(route)) that is switched on; "
                + "a key is PUBLISHER/global/NAME, PUBLISHER/offers/ID/NAME or PUBLISHER/smartlinks/ID/NAME"
        )
    }

    private func eventText(for postback: Postback?, _ context: ExplanationContext) throws(CommandFailure) -> String {
        var base: String?
        if let event {
            let bytes = try EventFile.read(event)
            _ = try EventFile.decode(bytes, from: event == "-" ? "standard input" : event)
            base = String(decoding: bytes, as: UTF8.self)
        }
        var wanted = conversion.conversion
        if let postback, base == nil {
            wanted.publisher = wanted.publisher ?? postback.publisherID
            if postback.scope == .offer { wanted.offer = wanted.offer ?? postback.scopeID }
            if postback.scope == .smartlink { wanted.smartlink = wanted.smartlink ?? postback.scopeID }
        }
        return wanted.event(base: base, random: context.render.random, now: context.render.now)
    }

    /// A postback tried with a conversion that could never reach it would show nothing.
    private func check(_ postback: Postback, _ event: ConversionEvent) throws(CommandFailure) {
        let field: EventField =
            switch postback.scope {
            case .global: .publisherID
            case .offer: .offerID
            case .smartlink: .smartlinkID
            }
        let pairs = [(EventField.publisherID, postback.publisherID), (field, postback.scopeID ?? postback.publisherID)]
        for (field, id) in pairs where event.text(field) != id {
            let found = event.text(field).map { "has \(PrintableText.line($0))" } ?? "has none"
            throw CommandFailure(
                CommandFailure.usage,
                "--route: \(postback.key) is for \(field.name) \(PrintableText.line(id)), and the conversion \(found)"
            )
        }
    }

    private func send(
        _ postbacks: [Postback],
        _ text: String,
        _ event: ConversionEvent,
        _ explanation: Explanation?,
        _ context: ExplanationContext,
        _ options: LaneOptions
    ) throws(CommandFailure) -> TestReport {
        var context = context
        var deliveries: [DeliveryExplanation] = []
        var attempts: [TestAttempt?] = []
        do {
            let sender = dryRun ? nil : try TestDelivery(options)
            for postback in postbacks {
                // The one before may have taken long, and a signature is good for some minutes only.
                context.render.now = ExplanationContext.wallTime
                let delivery = DeliveryExplanation(postback, event, context)
                deliveries.append(delivery)
                let isPossible = delivery.obstacle == nil
                attempts.append(isPossible ? try sender?.send(postback, event, context.render) : nil)
            }
        } catch {
            throw CommandFailure(CommandFailure.failed, "cannot send from here: \(error)")
        }
        return TestReport(
            event: text,
            explanation: explanation,
            deliveries: deliveries,
            attempts: attempts,
            isDryRun: dryRun
        )
    }
}
