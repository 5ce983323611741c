import ArgumentParser
import Foundation
import Worker

/// `postback manual`: the manual page, made from the commands themselves. Hidden, because people read `--help` and
/// `man postback`; `deploy/install` calls it.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual",
        abstract: "Print the manual page, as troff.",
        shouldDisplay: false
    )

    func run() throws {
        let help = Data(PostbackCommand._dumpHelp().utf8)
        let description = try JSONDecoder().decode(CommandDescription.Document.self, from: help)
        Console.print(ManualPage(description.command, version: Version.current).text)
    }
}
