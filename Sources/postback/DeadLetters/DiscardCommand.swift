import ArgumentParser
import Foundation
import Letters
import RabbitMQ
import Worker

/// `postback dead-letters discard`.
struct DiscardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Delete dead letters for good.",
        discussion: """
            Wants a filter (or --all), and --yes or a yes at the terminal. With --export FILE a copy of each letter is \
            on the disk before it is deleted; a letter that cannot be a line of that file stays. Only letters that lay \
            there at the start are deleted. Interrupted at any point, what was not deleted stays, and running it again \
            goes on. Leaves a record in the delivery log.
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @OptionGroup var letters: LetterOptions
    @Flag(help: "All dead letters, without a filter.") var all = false
    @Flag(help: "Do it without asking.") var yes = false
    @Option(help: ArgumentHelp("Delete this many at most.", valueName: "n")) var limit: Int?
    @Option(help: ArgumentHelp("Keep a copy in this new file; see `export`.", valueName: "file")) var export: String?
    @Flag(help: "In the copy: the headers too, and letters that are no event.") var withHeaders = false
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
        if letters.filter.isEmpty, !all {
            throw ValidationError("which letters? Give a filter, or --all for all of them")
        }
        if withHeaders, export == nil { throw ValidationError("--with-headers says how --export FILE is written") }
        if export == "-" { throw ValidationError("--export needs a file: a copy must be on the disk first") }
        if !yes, !Consent.isPossible {
            throw ValidationError(
                "discarding needs --yes where nobody can be asked; `list --by reason` counts the letters"
            )
        }
    }

    func run() throws {
        let options = try configuration.loadOrFail().options
        Interruption.listen()
        do {
            if !yes, try !consents(options) { throw CommandFailure(CommandFailure.failed, "nothing was discarded") }
            try discard(options)
        } catch let error as AMQPError {
            throw LetterReading.failure(error)
        }
    }

    private func make(_ options: LaneOptions) throws(AMQPError) -> DiscardRun {
        try DiscardRun(id: ActionID.make(), lane: options, filter: letters.filter, limit: limit)
    }

    private func consents(_ options: LaneOptions) throws -> Bool {
        let run = try make(options)
        try run.rehearse()
        if run.counts.total == 0 { return true }
        for summary in run.counts.summaries { Console.talk(SummaryRow.text(summary, width: TextTable.lineWidth(nil))) }
        let copy = export.map { " after copying them to \($0)" } ?? ", without a copy"
        return Consent.ask("Discard \(run.counts.total) of \(run.frozen) dead letters for good\(copy)?")
    }

    private func discard(_ options: LaneOptions) throws {
        let run = try make(options)
        let file: LetterFile? = try export.map { path throws(CommandFailure) in try LetterFile(path) }
        let export = LetterExport(withHeaders: withHeaders)
        OtherReaders.tell(run.otherReaders)
        try OtherReaders.check(run.otherReaders, seen: run.frozen)
        try run.audit()
        try run.run(canKeep: { file == nil || export.line($0) != nil }) { batch in
            guard let file else { return }
            for letter in batch { if let line = export.line(letter) { try file.add(line) } }
            try file.sync()
        } progress: { run in
            Console.progress("\(run.discarded) discarded, \(run.looked) of \(run.frozen) looked at")
        }
        Console.progress("")
        try run.audit()
        if let trouble = run.auditTrouble {
            Console.talk("postback: the delivery log has no record of this: \(trouble)")
        }
        if json {
            try Console.print(
                json: Report(id: run.id, looked: run.looked, discarded: run.discarded, kept: run.kept)
            )
        } else {
            let kept = run.kept > 0 ? "; \(run.kept) that are no event stay (--with-headers copies those too)" : ""
            Console.print("\(run.discarded) of \(run.frozen) dead letters discarded\(kept)")
        }
        if Interruption.isRequested { throw CommandFailure(CommandFailure.failed, "interrupted; the others stay") }
        if run.kept > 0 { throw CommandFailure(CommandFailure.failed) }
    }

    private struct Report: Encodable {
        let id: String
        let looked: Int
        let discarded: Int
        let kept: Int
    }
}
