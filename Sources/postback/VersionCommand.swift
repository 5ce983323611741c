import ArgumentParser
import Worker

/// `postback version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        if json {
            try Console.print(json: ["version": Version.current])
        } else {
            Console.print("postback \(Version.current)")
        }
    }
}
