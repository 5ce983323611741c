import ArgumentParser
import Delivery
import Foundation
import RabbitMQ
import Routing
import Worker

/// `postback routes`: pausing routes, resuming them, and which are paused.
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "Pause a route, resume it, or list the paused ones.",
        discussion: """
            What is for a paused route goes to the dead letters with the reason "paused" and is not tried. A route that \
            has failed for pause.after is paused by itself. All workers obey within a second, and after a restart.
            """,
        subcommands: [Pause.self, Resume.self, Paused.self]
    )

    struct Pause: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Try no deliveries of this route from now on.")

        @OptionGroup var configuration: ConfigurationOption
        @Argument(help: "The route key, such as 1001/offers/5512/default.") var route: String
        @Option(help: "Why; shown by `postback routes paused`.") var reason: String?
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            let (settings, options) = try configuration.loadOrFail()
            guard try configuration.loadRoutes(settings).postback(forKey: Array(route.utf8)) != nil else {
                throw CommandFailure(
                    CommandFailure.failed,
                    "the routes have no enabled postback \(route); keys look like PUBLISHER/global/NAME, "
                        + "PUBLISHER/offers/ID/NAME, PUBLISHER/smartlinks/ID/NAME"
                )
            }
            let stream = PauseStream(options)
            let book = try stream.book()
            if let known = book.paused[route] {
                throw CommandFailure(
                    CommandFailure.failed,
                    "\(route) is paused already, since \(Timestamp.text(known.at))"
                )
            }
            // Later than the last resumption, whatever the clocks of two machines say.
            let at = max(PauseStream.now, (book.decidedAt[route] ?? 0) + 1)
            var record = PauseRecord(.paused, route: route, at: at)
            record.reason = reason
            record.by = PauseStream.user
            try stream.tell(record)
            if json { return Console.print(String(decoding: record.json, as: UTF8.self)) }
            Console.print("\(route) is paused; `postback routes resume \(route)` ends it")
        }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Try deliveries of a paused route again; the dead letters of the pause stay until they are replayed."
        )

        @OptionGroup var configuration: ConfigurationOption
        @Argument(help: "The route key.") var route: String
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            let options = try configuration.loadOrFail().options
            let stream = PauseStream(options)
            guard let known = try stream.book().paused[route] else {
                throw CommandFailure(CommandFailure.failed, "\(route) is not paused; see `postback routes paused`")
            }
            // Later than the pause, whatever the clocks of two machines say.
            var record = PauseRecord(.resumed, route: route, at: max(PauseStream.now, known.at + 1))
            record.by = PauseStream.user
            try stream.tell(record)
            if json { return Console.print(String(decoding: record.json, as: UTF8.self)) }
            Console.print(
                "\(route) is resumed; its dead letters: `postback dead-letters list --route \(route) --reason paused`"
            )
        }
    }

    struct Paused: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The paused routes: since when, why, by whom.")

        @OptionGroup var configuration: ConfigurationOption
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            let options = try configuration.loadOrFail().options
            let paused = try PauseStream(options).book().paused.values.sorted { $0.route < $1.route }
            if json {
                let list = paused.map { String(decoding: $0.json, as: UTF8.self) }.joined(separator: ",")
                return Console.print("{\"paused\":[\(list)]}")
            }
            if paused.isEmpty { return Console.talk("no route is paused") }
            let rows = paused.map { record in
                [
                    record.route, Timestamp.text(record.at), record.by ?? "by itself",
                    Self.why(record),
                ]
            }
            let columns = ["ROUTE", "SINCE", "BY", "WHY"].map {
                TextTable.Column(title: $0, least: 8, wanted: 40)
            }
            let table = TextTable(columns, width: TextTable.lineWidth(nil), rows: rows)
            Console.print(Console.bold(table.header))
            for row in rows { Console.print(table.row(row)) }
        }

        private static func why(_ record: PauseRecord) -> String {
            var parts: [String] = []
            if let reason = record.reason { parts.append(reason) }
            if let since = record.since { parts.append("failing since \(Timestamp.text(since))") }
            if let failures = record.failures { parts.append("\(failures) in a row") }
            if let error = record.lastError { parts.append("last: \(error)") }
            return parts.joined(separator: "; ")
        }
    }
}
