import ArgumentParser
import Documents
import Foundation
import Letters
import RabbitMQ
import Routing
import Settings
import Worker

/// `postback dead-letters replay`.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Give dead letters back to the workers: slowly if wanted, watched, and without losing any.",
        discussion: """
            Takes the letters that match out of those that lie there at the start: what dies again meanwhile is not taken \
            twice. Each is published with the broker's confirmation before it is taken out of the dead letters, goes to \
            the postback that it was for, and has all its attempts before it again. One that had found no postback yet \
            is resolved as a new event.

            --to original sends to the URL template as it was when the attempt was made, with the method, headers, body \
            and signature that the postback has today. A template that holds masked secrets can be sent only while the \
            routes still have the same one; other such letters are left, and counted.

            --canary N sends N letters first and waits for how their first attempts end; the others follow when enough \
            of them were delivered. --wait follows all of them to their ends. Both read the delivery log, which the \
            workers must write (deliveries.log: all).

            Interrupted (Ctrl-C, kill, a broker that goes away) nothing is lost: what was not confirmed stays among the \
            dead letters, and running it again goes on. After a kill -9 up to \(ReplayRun.window) letters, after a lost \
            connection those counted as unknown, may be both replayed and still there: run it again with --after and the \
            id of that replay, when the workers have caught up, and the delivery log (deliveries.log: all) tells them, but \
            for letters that are no event (invalid_event), which have no id there.

            What --wait counts are deliveries: a letter that had no route may have several. Nobody knows how many, so it \
            waits until none of such an event came for 5 s.

            Exit code 0 when every letter that matched was replayed (with --wait: delivered), 1 otherwise, 3 without a \
            broker.
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var letters: LetterOptions
    @Flag(help: "All dead letters, without a filter.") var all = false
    @Flag(help: "Do not ask.") var yes = false
    @Flag(help: "Count by reason, host and publisher what would be replayed, and change nothing.") var dryRun = false
    @Option(help: ArgumentHelp("Replay this many at most.", valueName: "n")) var limit: Int?
    @Option(help: ArgumentHelp("This many a second at most: 10, 10/s, 600/m.", valueName: "rate")) var rate: String?
    @Option(help: ArgumentHelp("Send this many first, and stop when they fail again.", valueName: "n"))
    var canary: Int?
    @Option(
        help: ArgumentHelp(
            "Stop when this share of the canary's first attempts fails, such as 0.2 or 20%.",
            valueName: "share"
        )
    )
    var canaryFailures = "50%"
    @Option(help: "To the routes as they are now (current), or the template of the attempt (original).")
    var to = ReplayTarget.current
    @Flag(help: "Wait until every replayed delivery has ended, and count how.") var wait = false
    @Option(help: ArgumentHelp("Wait so long at most for the canary, and with --wait.", valueName: "duration"))
    var timeout = "10m"
    @Option(
        help: ArgumentHelp(
            "Go on after this interrupted replay: what the delivery log shows as replayed by it is not replayed again.",
            valueName: "id"
        )
    )
    var after: String?
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        if letters.filter.isEmpty, !all, !dryRun, !Consent.isPossible {
            throw ValidationError("which letters? Give a filter, or --all for all of them; --dry-run only counts")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
        if let canary, canary < 1 { throw ValidationError("--canary must be 1 or more") }
        if let rate, Pace.parse(rate) == nil {
            throw ValidationError("--rate: \"\(rate)\" is no rate; such as 10, 10/s or 600/m")
        }
        if Canary.share(canaryFailures) == nil {
            throw ValidationError("--canary-failures: \"\(canaryFailures)\" is no share; 0 to 1, or 0% to 100%")
        }
        if let after, ReplayedBefore(id: after) == nil {
            throw ValidationError("--after: \"\(after)\" is no id of a replay, such as 20261126T081500Z-4f2a")
        }
        if let fault = Milliseconds.fault(in: timeout) { throw ValidationError("--timeout: \(fault)") }
    }

    func run() throws {
        let (settings, options) = try configuration.loadOrFail()
        if canary != nil || wait, settings.deliveries.log != .all, !dryRun {
            throw CommandFailure(
                CommandFailure.usage,
                "\(canary != nil ? "--canary" : "--wait") reads how deliveries end in the delivery log, and "
                    + "deliveries.log is \(settings.deliveries.log.rawValue): set it to all for the workers and here"
            )
        }
        if after != nil, settings.deliveries.log != .all {
            throw CommandFailure(
                CommandFailure.usage,
                "--after finds in the delivery log what was replayed, and deliveries.log is "
                    + "\(settings.deliveries.log.rawValue): set it to all for the workers and here"
            )
        }
        let routes = to == .original ? try configuration.loadRoutes(settings) : .empty
        Interruption.listen()
        do {
            var runOptions = runOptions
            runOptions.before = try readLog(options)
            runOptions.isRehearsal = dryRun
            let run = try ReplayRun(runOptions, lane: options, routes: routes)
            OtherReaders.tell(run.otherReaders)
            try OtherReaders.check(run.otherReaders, seen: run.frozen)
            if !dryRun { Console.talk("replay \(run.options.id): \(run.frozen) dead letters") }
            if dryRun {
                try run.rehearse { Console.progress("\($0.tally.looked) of \($0.frozen) looked at") }
            } else {
                if letters.filter.isEmpty, !all, !yes,
                    !Consent.ask("Replay all \(run.frozen) dead letters?")
                {
                    throw CommandFailure(CommandFailure.failed, "nothing was replayed")
                }
                var bar = ReplayBar()
                try run.run { bar.show($0) }
            }
            Console.progress("")
            if let trouble = run.auditTrouble { Console.talk("postback: \(trouble)") }
            let report = ReplayReport(run, isDryRun: dryRun)
            if json { try Console.print(json: report) } else { Console.print(report.text) }
            if !report.isSuccess { throw CommandFailure(CommandFailure.failed, json ? "" : report.advice) }
        } catch let error as AMQPError {
            throw LetterReading.failure(error)
        }
    }

    /// What an interrupted replay did; what it published is in the log once workers have tried it.
    private func readLog(_ options: LaneOptions) throws -> ReplayedBefore? {
        guard let after, var before = ReplayedBefore(id: after) else { return nil }
        let admin = try options.connect(as: "postback replay")
        let waiting = try admin.depth(of: options.topology.conversions)?.ready ?? 0
        admin.close()
        if waiting > 0 {
            throw CommandFailure(
                CommandFailure.failed,
                "\(waiting) conversions wait for the workers: what \(after) replayed can be told when they are done"
            )
        }
        try before.read(options) { Console.progress("\($0) records of the delivery log read") }
        Console.progress("")
        if before.evidence.frozen == nil {
            throw CommandFailure(
                CommandFailure.failed,
                "the delivery log has no record of a replay \(after): what it replayed cannot be told"
            )
        }
        if before.evidence.isComplete {
            throw CommandFailure(
                CommandFailure.failed,
                "\(after) ended by itself and left nothing in doubt: run it again without --after"
            )
        }
        var still = 0
        try LetterReading(options: options, name: "replay").run(LetterFilter()) { letter in
            if before.evidence.wasThere(letter) { still += 1 }
            return true
        }
        let missing = before.evidence.compare(still: still)
        if missing > 0 {
            throw CommandFailure(
                CommandFailure.failed,
                "\(missing) letters are gone since \(after) began of which the delivery log knows nothing yet: workers still "
                    + "have them. Run it again when they have tried them; without --after at most "
                    + "\(ReplayRun.window) would be replayed twice"
            )
        }
        Console.talk("the delivery log knows \(before.evidence.known) deliveries of \(after)")
        return before
    }

    private var runOptions: ReplayRun.Options {
        var options = ReplayRun.Options(id: ActionID.make())
        options.filter = letters.filter
        options.target = to
        options.limit = limit
        options.perSecond = rate.flatMap { Pace.parse($0) }
        options.canary = dryRun ? nil : canary.map { Canary(size: $0, share: Canary.share(canaryFailures) ?? 0.5) }
        options.waits = wait && !dryRun
        options.patience = Milliseconds(parsing: timeout)?.value ?? options.patience
        return options
    }
}

extension ReplayTarget: ExpressibleByArgument {}
