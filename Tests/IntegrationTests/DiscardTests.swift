import Foundation
import TestSupport
import Testing

/// `dead-letters discard`.
@Suite(.light, .timeLimit(Patience.limit))
struct DiscardTests {
    @Test("discard wants a filter or --all, and a yes")
    func consent() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.lot(3))
            for arguments in [
                ["--yes"], ["--all"], ["--reason", "rejected"], ["--all", "--yes", "--export", "-"],
                ["--match", "", "--yes"], ["--route", " ", "--yes"], ["--event-id", "ev-1", "--host", "", "--yes"],
            ] {
                let run = try CommandRun(["dead-letters", "discard"] + arguments, in: scenario.folder)
                #expect(run.exitCode == 2, "\(arguments): \(run.errors)")
            }
            #expect(try scenario.take(scenario.topology.deadLetters).count == 3)
        }
    }

    @Test(
        "discard deletes what matches of 10,000 letters, keeps a copy, leaves the others in their order, and is recorded"
    )
    func discard() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.lot(10_000))
            let run = try scenario.deadLettersCommand(
                "discard",
                "--reason",
                "rejected",
                "--reason",
                "invalid_event",
                "--yes",
                "--export",
                "copy.ndjson"
            )
            #expect(run.exitCode == 1, "the invalid ones stay: \(run.output) \(run.errors)")
            #expect(
                run.output.hasPrefix("2000 of 10000 dead letters discarded; 100 that are no event stay"),
                "\(run.output)"
            )
            #expect(scenario.folder.read("copy.ndjson").split(separator: "\n").count == 2000)
            try eventually("the rest is ready") {
                try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 8000
            }
            let second = try scenario.deadLettersCommand(
                "discard",
                "--reason",
                "invalid_event",
                "--yes",
                "--export",
                "more.ndjson",
                "--with-headers",
                "--json"
            )
            #expect(second.exitCode == 0 && second.output.contains(#""discarded":100"#), "\(second.output)")
            let left = try scenario.take(scenario.topology.deadLetters)
            #expect(
                left.map(\.eventID)
                    == (0..<10_000).filter { $0 % 100 >= 98 ? $0 % 100 == 99 : $0 % 5 != 0 }.map { "ev-\($0)" }
            )
            let records = try scenario.logRecords(4)
            #expect(records.allSatisfy { $0.contains(#""kind":"audit","action":"discard""#) })
            #expect(records[1].contains(#""filter":"--reason rejected --reason invalid_event""#), "\(records[1])")
            #expect(records[1].contains(#""discarded":2000"#))
        }
    }
}
