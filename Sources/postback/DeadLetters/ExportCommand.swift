import ArgumentParser
import Letters
import Worker

/// `postback dead-letters export`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the events of dead letters as NDJSON, one a line; `postback publish` reads them back.",
        discussion: """
            The events are the network's own, byte for byte but for line ends between values; nothing of them is \
            masked. Read back they are new events: they go to all postbacks that apply then. Letters that are no event \
            are counted and left out; --with-headers writes every letter, as {"headers": ..., "body": ...}, with \
            body_base64 in place of body where it is no event. That form is for keeping, `publish` does not read it.

            Exit code 1 when letters had to be left out.

            \(DeadLettersCommand.looking)
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var letters: LetterOptions
    @Option(help: ArgumentHelp("Write this many at most.", valueName: "n")) var limit: Int?
    @Flag(help: "Write the headers too, and letters that are no event.") var withHeaders = false
    @Flag(help: "Report as one JSON object on stderr.") var json = false
    @Argument(help: ArgumentHelp("A new file, or - for standard output.", valueName: "file")) var file = "-"

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
    }

    func run() throws {
        let options = try configuration.loadOrFail().options
        let output = try LetterFile(file)
        let export = LetterExport(withHeaders: withHeaders)
        var exported = 0
        var leftOut = 0
        try LetterReading(options: options, name: "export").run(letters.filter) { letter in
            if let line = export.line(letter) {
                try output.add(line)
                exported += 1
            } else {
                leftOut += 1
            }
            return exported < limit ?? .max
        }
        try output.sync()
        if json {
            Console.talk("{\"exported\":\(exported),\"left_out\":\(leftOut)}")
        } else {
            let hint = leftOut > 0 ? "; --with-headers exports those too" : ""
            Console.talk("\(exported) exported, \(leftOut) left out that are no event\(hint)")
        }
        if leftOut > 0 { throw CommandFailure(CommandFailure.failed) }
    }
}
