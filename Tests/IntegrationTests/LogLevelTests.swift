import Glibc
import TestSupport
import Testing

/// What `postback run` writes, and what it keeps to itself.
@Suite(.light, .timeLimit(Patience.limit))
struct LogLevelTests {
    /// The messages that a worker logs from its start over 20 deliveries and one retry to its end.
    private func messages(_ flags: [String]) throws -> [String] {
        var messages: [String] = []
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/ok?cid={{click_id}}"),
                "2": Scenario.global("TRACKER/fail-first/1/x?cid={{click_id}}"),
            ])
            // What is missing at the first start is waited for, and said.
            try scenario.writeFiles()
            #expect(try CommandRun(["topology", "declare"], in: scenario.folder).exitCode == 0)
            let worker = try scenario.startWorker(ready: false, flags: flags)
            try eventually("it consumes", within: 30, state: { worker.logText }) {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.consumers == 1
            }
            try scenario.publish(Conversions.messages(20, prefix: "e"))
            try scenario.publish([Conversions.message("r", publisher: "2")])
            try scenario.waitForRequests(22)
            #expect(worker.stop() == 0)
            messages = worker.log.map(\.message)
            #expect(worker.logText.split(separator: "\n").count == messages.count, "every line is JSON")
        }
        return messages
    }

    @Test("at info there are start and stop, and not a word about deliveries that go well or are tried again")
    func info() throws {
        let messages = try messages([])
        #expect(messages.contains("started") && messages.contains("stopped"))
        #expect(messages.filter { !$0.hasPrefix("routes.yaml:") }.count < 10, "\(messages)")
    }

    @Test("--quiet leaves nothing to say when all is well, but for what the routes file is warned of")
    func quiet() throws {
        let others = try messages(["--quiet"]).filter { !$0.hasPrefix("routes.yaml:") }
        #expect(others.isEmpty, "\(others)")
    }

    @Test("--verbose tells of the attempt that failed")
    func verbose() throws {
        let messages = try messages(["--verbose"])
        #expect(messages.contains("started") && messages.contains { $0.contains("attempt") }, "\(messages)")
    }

    @Test("--quiet with --verbose is wrong usage")
    func both() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let run = try CommandRun(["run", "--quiet", "--verbose"], in: folder)
        #expect(run.exitCode == 2)
        #expect(run.errors.contains("--quiet and --verbose contradict each other"))
    }
}
