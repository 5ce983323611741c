import ArgumentParser
import Letters

/// `postback dead-letters list`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List dead letters, or count them by one of their fields.",
        discussion: """
            Oldest first; with --newest the other way round. A table shows 100 letters unless --limit says otherwise, \
            --json all of them: one JSON object a line, or with --by one object.

            \(DeadLettersCommand.looking)
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var letters: LetterOptions
    @Option(help: ArgumentHelp("Show this many at most; 0 for all.", valueName: "n")) var limit: Int?
    @Flag(help: "Newest first.") var newest = false
    @Option(help: "Count by reason, host, publisher, offer, route or status.") var by: LetterSummary.Field?
    @Option(help: ArgumentHelp("Characters in a line (default: the terminal's, else 200).", valueName: "n"))
    var width: Int?
    @Flag(help: "Print one JSON object a line; with --by one object.") var json = false

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more") }
    }

    func run() throws {
        let options = try configuration.loadOrFail().options
        let reading = LetterReading(options: options, name: "list")
        if let by { return try summarise(reading, by) }
        let limit = self.limit ?? (json ? 0 : 100)
        let bound = limit == 0 ? Int.max : limit
        let printer = RowPrinter(json: json, width: TextTable.lineWidth(width), isShort: bound <= 1000)
        var count = 0
        let lay: Int
        if newest {
            var last = NewestLetters<LetterRow>(limit: bound)
            lay = try reading.run(letters.filter) { letter in
                count += 1
                last.add(LetterRow(letter))
                return true
            }
            for row in last.newestFirst { try printer.add(row) }
        } else {
            lay = try reading.run(letters.filter) { letter in
                count += 1
                if count > bound { return false }
                try printer.add(LetterRow(letter))
                return true
            }
        }
        printer.finish()
        if json { return }
        if count == 0 {
            Console.talk(lay == 0 ? "there are no dead letters" : "none of the \(lay) dead letters matches")
        } else if count > bound {
            Console.talk(
                newest
                    ? "\(bound) of \(count) letters; --limit 0 shows all"
                    : "the first \(bound); there are more. --limit 0 shows all, --by reason counts them"
            )
        }
    }

    private func summarise(_ reading: LetterReading, _ field: LetterSummary.Field) throws {
        var summary = LetterSummary(by: field)
        var count = 0
        let lay = try reading.run(letters.filter) { letter in
            count += 1
            summary.add(letter)
            return true
        }
        if json {
            return try Console.print(
                json: Report(letters: lay, matching: count, by: field.rawValue, rows: summary.rows.map { .init($0) })
            )
        }
        Console.print(SummaryRow.text(summary, width: TextTable.lineWidth(width)))
        Console.talk("\(count) of \(lay) dead letters")
    }

    private struct Report: Encodable {
        let letters: Int
        let matching: Int
        let by: String
        let rows: [SummaryRow]
    }
}

/// Prints rows as they come, or, when they are few, when all are known: then the columns fit them.
private final class RowPrinter {
    private let json: Bool
    private let width: Int
    private let isShort: Bool
    private var rows: [[String]] = []
    private var table: TextTable?

    init(json: Bool, width: Int, isShort: Bool) {
        self.json = json
        self.width = width
        self.isShort = isShort
    }

    func add(_ row: LetterRow) throws {
        if json { return try Console.print(json: row) }
        if isShort { return rows.append(row.cells) }
        if table == nil {
            table = TextTable(LetterRow.columns, width: width)
            Console.print(Console.bold(table?.header ?? ""))
        }
        if let table { Console.print(table.row(row.cells)) }
    }

    func finish() {
        if rows.isEmpty { return }
        let table = TextTable(LetterRow.columns, width: width, rows: rows)
        Console.print(Console.bold(table.header))
        for row in rows { Console.print(table.row(row)) }
    }
}

extension LetterSummary.Field: ExpressibleByArgument {}
