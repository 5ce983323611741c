import ArgumentParser
import Conversion
import Routing
import Worker

/// `postback explain`: which postback applies to an event, and what would be sent.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Explain which postback applies to an event and why the others do not, and show the final request.",
        discussion: """
            Nothing is sent, and no name is looked up: whether an address may be reached shows only for a host that is \
            an address itself. The event is taken as if it had arrived now. Secrets are masked.

            Exit code 0 when something would be sent, 1 when nothing would, 2 for an event or a configuration with a \
            fault.
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print one JSON object.") var json = false
    @Argument(help: ArgumentHelp("The event, a JSON object, or - for standard input.", valueName: "event.json"))
    var file: String

    func run() throws {
        let (settings, options) = try configuration.loadOrFail()
        let bytes = try EventFile.read(file)
        let event = try EventFile.decode(bytes, from: file == "-" ? "standard input" : file)
        let table = try configuration.lookAtRoutes(settings).table
        let explanation = table.explain(event, .now(settings, options))
        if json {
            try Console.print(json: explanation)
        } else {
            Console.print(explanation.text)
        }
        if !explanation.sendsSomething { throw CommandFailure(CommandFailure.failed) }
    }
}
