import ArgumentParser
import Documents
import Routing
import Settings

/// `postback trackers [NAME]`: the trackers that a route can name.
struct TrackersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trackers",
        abstract: "Show the trackers that a route can name instead of a URL: what to enter, what is sent, the source.",
        discussion: """
            Without a name: the list. With one: its URL, what the publisher enters, its parameters, its words for a \
            status, how its answers are judged, and a route to paste. `trackers` in the configuration adds to the list.
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @Argument(help: "One tracker, such as voluum.") var name: String?
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let catalogue = try catalogue()
        guard let name else {
            return Console.print(json ? catalogue.json : catalogue.table)
        }
        guard let tracker = catalogue[name] else {
            throw CommandFailure(
                CommandFailure.usage,
                "there is no tracker \"\(name)\" (\(catalogue.hint(for: name)))"
            )
        }
        Console.print(json ? tracker.json : tracker.sheet)
    }

    /// The built-in trackers and those of the configuration; faults in these end it with code 2.
    private func catalogue() throws(CommandFailure) -> TrackerCatalogue {
        do {
            let settings = try configuration.load()
            let vocabulary = try TokenVocabulary(aliases: settings.tokens.aliases, custom: settings.tokens.custom)
            let (catalogue, faults) = TrackerCatalogue.adding(
                settings.trackers,
                file: settings.trackersFile,
                vocabulary: vocabulary
            )
            let errors = faults.filter { $0.severity == .error }
            if !errors.isEmpty { throw FaultyDocument(errors) }
            for fault in faults { Console.talk(fault.description) }
            return catalogue
        } catch let faults as FaultyDocument {
            throw CommandFailure(CommandFailure.usage, "the configuration is refused\n\(faults)")
        } catch {
            throw CommandFailure(CommandFailure.usage, "\(configuration.path): \(error)")
        }
    }
}
