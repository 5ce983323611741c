import Foundation
import TestSupport
import Testing

/// The help of every command, whole. After a wanted change write it anew:
/// `POSTBACK_TEST_WRITE_GOLDEN=1 Tests/run --filter HelpTests`.
@Suite(.light, .timeLimit(Patience.limit))
struct HelpTests {
    private static let golden = BuiltProduct.repository + "/Tests/IntegrationTests/Golden"

    @Test(
        "the help of each command is what was agreed",
        arguments: [
            [], ["run"], ["check"], ["publish"], ["topology"], ["topology", "print"], ["topology", "declare"],
            ["topology", "verify"], ["status"], ["dead-letters"], ["dead-letters", "list"],
            ["dead-letters", "show"], ["dead-letters", "export"], ["dead-letters", "discard"],
            ["dead-letters", "replay"],
            ["routes"], ["routes", "pause"], ["routes", "resume"], ["routes", "paused"],
            ["trackers"], ["explain"], ["test"], ["deliveries"], ["version"],
        ]
    )
    func help(command: [String]) throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let name = (["postback"] + command).joined(separator: "-") + ".txt"
        let run = try CommandRun(command + ["--help"], in: folder, environment: ["COLUMNS": "80"])
        #expect(run.exitCode == 0)
        #expect(run.errors == "")
        let isWriting = ProcessInfo.processInfo.environment["POSTBACK_TEST_WRITE_GOLDEN"] != nil
        if isWriting { try TestFolder(existing: Self.golden).write(run.output, to: name) }
        let expected = TestFolder(existing: Self.golden).read(name)
        #expect(run.output == expected, "\(name)")
    }

    @Test("every command has its help among those that were agreed")
    func complete() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.golden)
        for command in [[], ["topology"], ["dead-letters"], ["routes"]] {
            let run = try CommandRun(command + ["--help"], in: folder, environment: ["COLUMNS": "80"])
            let subcommands = run.output.split(separator: "\n").drop { $0 != "SUBCOMMANDS:" }.dropFirst()
                .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See") }
                .compactMap { $0.split(separator: " ").first.map(String.init) }
            #expect(!subcommands.isEmpty)
            for name in subcommands {
                let file = (["postback"] + command + [name]).joined(separator: "-") + ".txt"
                #expect(files.contains(file), "\(file)")
            }
        }
    }
}
