import ArgumentParser
import Conversion
import Delivery
import Foundation
import Letters
import Routing
import Settings
import Worker

/// `postback dead-letters show`.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show dead letters whole: the event, the attempts, the masked URL, and what would happen today.",
        discussion: """
            The first letter that matches, or the first --limit. What would happen today is what `postback explain` \
            says of the event now.

            \(DeadLettersCommand.looking)
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var letters: LetterOptions
    @Option(help: ArgumentHelp("Show this many at most.", valueName: "n")) var limit = 1
    @Option(help: ArgumentHelp("Characters in a line (default: the terminal's, else 200).", valueName: "n"))
    var width: Int?
    @Flag(help: "Print one JSON object a line.") var json = false

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit must be 1 or more") }
    }

    func run() throws {
        let (settings, options) = try configuration.loadOrFail()
        let routes = try configuration.loadRoutes(settings)
        var found: [Letter] = []
        let lay = try LetterReading(options: options, name: "show").run(letters.filter) { letter in
            found.append(letter)
            return found.count < limit
        }
        if found.isEmpty {
            throw CommandFailure(CommandFailure.failed, "none of the \(lay) dead letters matches")
        }
        for (index, letter) in found.enumerated() {
            var event = ConversionEvent()
            let isEvent = (try? event.decode(letter.body.span)) != nil
            let today = isEvent ? routes.explain(event, .now(settings, options)) : nil
            if json {
                try Console.print(json: LetterSheet(letter, today))
            } else {
                if index > 0 { Console.print("") }
                Console.print(LetterSheet(letter, today).text(width: TextTable.lineWidth(width)))
            }
        }
    }
}

/// All of one dead letter.
struct LetterSheet: Encodable {
    struct Attempt: Codable {
        let attempt: Int
        let at: String
        let ms: Int
        let status: Int?
        let error: String?
        let sends: Int?
    }

    let letter: LetterRow
    let template: String?
    let history: [Attempt]
    /// The body as text; base64 when it is none.
    let body: String?
    let bodyBase64: String?
    let today: Explanation?
    private let bytes: [UInt8]

    enum CodingKeys: String, CodingKey {
        case letter, template, history, body, today
        case bodyBase64 = "body_base64"
    }

    init(_ letter: Letter, _ today: Explanation?) {
        self.letter = LetterRow(letter)
        template = letter.template
        history = letter.history.flatMap { try? JSONDecoder().decode([Attempt].self, from: Data($0.utf8)) } ?? []
        body = String(validating: letter.body, as: UTF8.self)
        bodyBase64 = body == nil ? Data(letter.body).base64EncodedString() : nil
        bytes = letter.body
        self.today = today
    }

    func text(width: Int) -> String {
        var lines = [
            Console.bold("\(letter.reason)  event \(letter.eventID ?? "-")  route \(letter.route ?? "-")"),
            "failed at     \(letter.failedAt ?? "unknown: the broker made this letter")",
        ]
        for (name, value) in [
            ("first attempt", letter.firstAttemptAt), ("last error", letter.lastError), ("url", letter.url),
            ("template", template), ("replayed from", letter.replayedFrom),
        ] {
            if let value { lines.append(name.padding(toLength: 14, withPad: " ", startingAt: 0) + Self.shown(value)) }
        }
        lines += ["", Console.bold("Event")]
        lines +=
            (today != nil || body != nil)
            ? String(decoding: JSONIndent.make(bytes), as: UTF8.self).split(separator: "\n").map {
                Self.shown(String($0))
            }
            : ["\(bytes.count) bytes that are no text; base64: \(bodyBase64 ?? "")"]
        lines += ["", Console.bold("Attempts")]
        lines += attempts(width: width)
        lines += ["", Console.bold("Today")]
        lines.append(today?.text ?? "this is no conversion event: it would be refused again")
        return lines.joined(separator: "\n")
    }

    private static func shown(_ text: String) -> String { TextTable.printable(text) }

    private func attempts(width: Int) -> [String] {
        if history.isEmpty { return [letter.attempts == 0 ? "none" : "\(letter.attempts), not recorded"] }
        let rows = history.map { attempt in
            [
                String(attempt.attempt), attempt.at, String(attempt.ms), attempt.status.map { String($0) } ?? "-",
                (attempt.error ?? "") + (attempt.sends.map { " (sent \($0) times)" } ?? ""),
            ]
        }
        let table = TextTable(
            [
                .init(title: "#", least: 2, wanted: 4, isNumber: true), .init(title: "AT", least: 24, wanted: 24),
                .init(title: "MS", least: 6, wanted: 6, isNumber: true),
                .init(title: "STATUS", least: 6, wanted: 6, isNumber: true),
                .init(title: "ERROR", least: 20, wanted: 120),
            ],
            width: width,
            rows: rows
        )
        return [table.header] + rows.map { table.row($0) }
    }
}
