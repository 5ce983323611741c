import ArgumentParser
import Foundation
import Worker

/// `postback deliveries`: what was sent, what not, and why.
struct DeliveriesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "Search and follow the delivery log.",
        discussion: """
            Reads the log from the beginning, or from --since, to its end, and prints what fits, oldest first. A record \
            is one attempt, or one delivery that was not sent. Reading takes nothing away. After a worker lost its \
            connection a record may stand there twice.

            Exit code 1 when nothing was found, as grep does.
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup(title: "What to look for") var filter: DeliveryFilter
    @Flag(help: "Go on with what comes, until Ctrl-C; without --since only what comes from now on.") var follow = false
    @Option(help: "Stop after so many records; 0 for all, as without it.") var limit: Int?
    @Option(help: "Print a summary by host, route, verdict, publisher or reason instead of records.")
    var by: DeliverySummary.Key?
    @Flag(help: "Print each record as one line of JSON, as it stands in the log (with --by one object).")
    var json = false
    @Option(help: "Characters in a line (default: the terminal's, or $COLUMNS).") var width: Int?

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit must be 0 or more") }
        if follow, by != nil { throw ValidationError("--follow has no end, and --by needs one") }
        if follow, filter.until != nil { throw ValidationError("--follow and --until exclude each other") }
    }

    func run() throws {
        let options = try self.configuration.loadOrFail().options
        Interruption.listen()
        let showsProgress = isatty(STDOUT_FILENO) == 0 || by != nil
        let search = DeliverySearch(options, filter, follows: follow, showsProgress: showsProgress)
        let found = try by.map { try summarize(search, by: $0) } ?? list(search)
        if search.unreadable > 0 { Console.talk("\(search.unreadable) records were none that this version can read") }
        if Interruption.isRequested, !follow { Console.talk("interrupted after \(search.scanned) records") }
        if found == 0, !follow {
            Console.talk("nothing found in \(search.scanned) records")
            throw CommandFailure(CommandFailure.failed)
        }
    }

    private func isWanted(_ found: Int) -> Bool { found < (limit.flatMap { $0 == 0 ? nil : $0 } ?? .max) }

    private func list(_ search: DeliverySearch) throws -> Int {
        let table = DeliveryTable(width: TextTable.lineWidth(width))
        var found = 0
        try search.run { record, bytes in
            if json {
                Console.print(String(decoding: bytes, as: UTF8.self))
            } else {
                if found == 0 { Console.print(Console.bold(table.header)) }
                Console.print(table.row(record))
            }
            found += 1
            return isWanted(found)
        }
        return found
    }

    private func summarize(_ search: DeliverySearch, by key: DeliverySummary.Key) throws -> Int {
        var summary = DeliverySummary(by: key)
        var found = 0
        try search.run { record, _ in
            // Who did what is no delivery.
            if record.kind == "audit" { return true }
            summary.add(record)
            found += 1
            return isWanted(found)
        }
        if found == 0 { return 0 }
        if json {
            try Console.print(json: ["by": Summary.text(key.rawValue), "rows": .rows(summary.rows)])
        } else {
            let lines = summary.lines(width: TextTable.lineWidth(width))
            Console.print(Console.bold(lines[0]))
            for line in lines.dropFirst() { Console.print(line) }
        }
        return found
    }

    private enum Summary: Encodable {
        case text(String)
        case rows([DeliverySummary.Row])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .rows(let rows): try container.encode(rows)
            }
        }
    }
}
