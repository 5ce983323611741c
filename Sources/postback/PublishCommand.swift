import ArgumentParser
import Conversion
import RabbitMQ
import Worker

/// `postback publish`: events from a file to the queue.
struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publish conversion events, one JSON object a line, each confirmed by the broker.",
        discussion: """
            Invalid events are refused by line and not published; the others are. Exit code 1 when any line was refused \
            or could not be published.
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print one JSON object at the end.") var json = false
    @Argument(help: ArgumentHelp("The file, or - for standard input.", valueName: "file")) var file: String

    func run() throws {
        let options = try configuration.loadOrFail().options
        guard let lines = LineReader(path: file) else {
            throw CommandFailure(CommandFailure.usage, "\(file) cannot be read")
        }
        let admin = try options.connect(as: "postback publish")
        let exchange = options.topology.exchange
        // Publishing to an exchange that is not there only closes the channel, again and again.
        if (try? admin.exchangeExists(exchange)) == false {
            throw CommandFailure(
                CommandFailure.failed,
                "there is no exchange \(exchange); `postback topology declare` creates it"
            )
        }
        admin.close()
        let publication = try Publication(options)
        var event = ConversionEvent()
        var refused: [Refusal] = []
        while let line = lines.next() {
            if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            do throws(EventFault) {
                try event.decode(line.bytes.span)
            } catch {
                if !json { Console.talk("\(file):\(line.number): \(error)") }
                refused.append(Refusal(line: line.number, path: error.path, reason: error.reason))
                continue
            }
            try publication.add(line.bytes, line: line.number)
        }
        let failures = try publication.finish()
        Console.progress("")
        for failure in failures where !json { Console.talk("\(file):\(failure.line): \(failure.reason)") }
        let published = publication.confirmed
        if json {
            try Console.print(json: Report(published: published, refused: refused, failed: failures))
        } else {
            Console.print(
                "\(published) published and confirmed, \(refused.count) refused, \(failures.count) not published"
            )
        }
        if !refused.isEmpty || !failures.isEmpty { throw CommandFailure(CommandFailure.failed) }
    }

    private struct Refusal: Encodable {
        let line: Int
        let path: String
        let reason: String
    }

    private struct Report: Encodable {
        let published: Int
        let refused: [Refusal]
        let failed: [Publication.Failure]
    }
}
