import Foundation
import TestSupport
import Testing

/// `dead-letters list`, `show` and `export` on 10,000 letters of mixed reasons.
@Suite(.light, .timeLimit(Patience.limit))
struct DeadLetterReadingTests {
    private static let count = 10_000

    private static func rows(_ run: CommandRun) throws -> [[String: Any]] {
        try run.output.split(separator: "\n").map { line in
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        }
    }

    @Test("list shows, filters and counts 10,000 letters, and leaves them as they were")
    func list() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.lot(Self.count))
            let all = try Self.rows(scenario.deadLettersCommand("list", "--json"))
            #expect(all.map { $0["event_id"] as? String } == (0..<Self.count).map { "ev-\($0)" })
            #expect(all[98]["reason"] as? String == "invalid_event" && all[99]["reason"] as? String == "poison")

            let byReason = try scenario.deadLettersCommand("list", "--by", "reason", "--json")
            let report = try Self.rows(byReason)[0]
            var counts: [String: Int] = [:]
            for row in report["rows"] as? [[String: Any]] ?? [] {
                counts[row["value"] as? String ?? ""] = row["count"] as? Int
            }
            #expect(
                counts == [
                    "rejected": 2000, "exhausted": 2000, "expired": 2000, "missing_token": 1900,
                    "blocked_destination": 1900, "invalid_event": 100, "poison": 100,
                ]
            )
            for (filter, wanted) in [
                (["--reason", "rejected", "--reason", "poison"], 2100), (["--status", "5xx"], 4000),
                (["--status", "404", "--offer", "5001"], 1000), (["--host", "h2.example"], 2400),
                (["--event-id", "ev-7777"], 1), (["--match", "NUMBER 3", "--match", "ev-1"], 211),
                (["--route", "2/*", "--since", "2026-11-21T01:00:00Z", "--until", "2026-11-21T02:00:00Z"], 1176),
                (["--smartlink", "1"], 0),
            ] {
                let run = try CommandRun(["dead-letters", "list", "--json"] + filter, in: scenario.folder)
                #expect(run.exitCode == 0)
                #expect(try Self.rows(run).count == wanted, "\(filter)")
            }
            let newest = try Self.rows(scenario.deadLettersCommand("list", "--json", "--newest", "--limit", "3"))
            #expect(newest.map { $0["event_id"] as? String } == ["ev-9999", "ev-9998", "ev-9997"])
            let letters = try scenario.take(scenario.topology.deadLetters)
            #expect(letters.map(\.eventID) == (0..<Self.count).map { "ev-\($0)" })
        }
    }

    @Test("tables fit 80 and 200 columns", arguments: ["80", "200"])
    func tables(width: String) throws {
        try Scenario.run { scenario in
            // The defaults are shown.
            scenario.configuration["dispatch.timeout"] = nil
            let route = "http://127.0.0.1:9/pb?cid={{click_id}}"
            try scenario.writeRoutes(["1": Scenario.global(route), "2": Scenario.global(route)])
            try scenario.seed(DeadLetterSeed.lot(12, from: 90))
            var shown = ""
            for arguments in [
                ["list"], ["list", "--newest", "--limit", "2"], ["list", "--by", "reason"], ["list", "--by", "host"],
                ["show", "--event-id", "ev-91"], ["show", "--reason", "invalid_event"],
            ] {
                let run = try CommandRun(
                    ["dead-letters"] + arguments,
                    in: scenario.folder,
                    environment: ["COLUMNS": width]
                )
                #expect(run.exitCode == 0, "\(run.errors)")
                let limit = Int(width) ?? 0
                // What `explain` says is prose and may be longer.
                let table = run.output.split(separator: "\n").prefix { $0 != "Today" }
                #expect(arguments[0] == "show" || table.allSatisfy { $0.count <= limit })
                let text = run.output.replacing(/\d{4}-\d\d-\d\dT[\d:.]+Z \(now\)/, with: "NOW")
                shown += "$ postback dead-letters \(arguments.joined(separator: " "))\n\(text)\n"
            }
            let golden = TestFolder(existing: BuiltProduct.repository + "/Tests/IntegrationTests/Golden")
            let name = "dead-letters-\(width).txt"
            if ProcessInfo.processInfo.environment["POSTBACK_TEST_WRITE_GOLDEN"] != nil {
                try golden.write(shown, to: name)
            }
            #expect(shown == golden.read(name), "\(name)")
        }
    }

    @Test("show prints one letter whole, also as JSON, and ends with exit code 1 when none matches")
    func show() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.lot(Self.count))
            let run = try scenario.deadLettersCommand("show", "--event-id", "ev-9001", "--json")
            let sheet = try Self.rows(run)[0]
            #expect((sheet["letter"] as? [String: Any])?["reason"] as? String == "exhausted")
            #expect((sheet["history"] as? [[String: Any]])?.count == 2)
            #expect(sheet["today"] is [String: Any])
            let none = try scenario.deadLettersCommand("show", "--event-id", "nobody")
            #expect(none.exitCode == 1 && none.errors.contains("none of the 10000 dead letters matches"))
        }
    }

    @Test(
        "what export writes publish reads back, byte for byte; what is no event is counted, and kept with its headers"
    )
    func export() throws {
        try Scenario.run { scenario in
            var letters = DeadLetterSeed.lot(Self.count)
            letters[0].body = Array(
                "{\n  \"id\": \"ev-0\",\n  \"publisher_id\": 1,\"payout\":{\"amount\":1.50,\"currency\":\"EUR\"}\n}\n"
                    .utf8
            )
            try scenario.seed(letters)
            let run = try scenario.deadLettersCommand("export", "letters.ndjson")
            #expect(run.exitCode == 1 && run.errors.contains("9900 exported, 100 left out"), "\(run.errors)")
            let lines = scenario.folder.read("letters.ndjson").split(separator: "\n")
            #expect(lines.count == 9900)
            #expect(lines[0] == #"{"id":"ev-0","publisher_id":1,"payout":{"amount":1.50,"currency":"EUR"}}"#)
            #expect(lines[1] == letters[1].text)
            #expect(try scenario.deadLettersCommand("export", "letters.ndjson").exitCode == 2)

            let published = try CommandRun(["publish", "letters.ndjson"], in: scenario.folder)
            #expect(published.output == "9900 published and confirmed, 0 refused, 0 not published\n")
            #expect(try scenario.take(scenario.topology.conversions).map(\.text) == lines.map(String.init))

            let whole = try scenario.deadLettersCommand("export", "--with-headers", "--reason", "invalid_event")
            let first = try Self.rows(whole)[0]
            #expect(whole.exitCode == 0)
            #expect((first["headers"] as? [String: Any])?["x-postback-reason"] as? String == "invalid_event")
            let body = (first["body_base64"] as? String).flatMap { Data(base64Encoded: $0) }
            #expect(body == Data(letters[98].body))
        }
    }

    @Test("status leaves the dead letters in their order")
    func status() throws {
        try Scenario.run { scenario in
            let letters = DeadLetterSeed.lot(50)
            try scenario.seed(letters)
            for _ in 0..<3 {
                #expect(try CommandRun(["status"], in: scenario.folder).exitCode == 0)
                #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == letters.count)
            }
            try eventually("all are ready") {
                try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == letters.count
            }
            #expect(try scenario.take(scenario.topology.deadLetters).map(\.eventID) == letters.map(\.eventID))
        }
    }

    @Test("while another command holds the letters nobody says that there are none")
    func heldByAnother() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.routed(20))
            let process = try scenario.startReplay(["--all", "--rate", "1/m"])
            try eventually("it holds them") {
                try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0
            }
            for arguments in [["list"], ["export"], ["show"], ["discard", "--all", "--yes"], ["replay", "--all"]] {
                let run = try CommandRun(["dead-letters"] + arguments, in: scenario.folder)
                #expect(run.exitCode == 1, "\(arguments)")
                #expect(run.errors.contains("another command holds dead letters"), "\(arguments): \(run.errors)")
            }
            process.signal(SIGINT)
            #expect(process.waitForEnd(within: 20) == .exited(1))
            #expect(try scenario.deadLettersCommand("list").exitCode == 0)
        }
    }

    @Test("output that cannot be written ends a command with exit code 1; a reader that went away does not")
    func fullDisk() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        let full = try ChildProcess(
            BuiltProduct.postback,
            ["version"],
            output: "/dev/full",
            errors: folder.file("errors")
        )
        #expect(full.waitForEnd(within: 20) == .exited(1))
        #expect(folder.read("errors").contains("the output cannot be written: No space left on device"))
    }

    /// The broker has its own order of headers.
    private static func sorted(_ headers: [AMQPField]?) -> [AMQPField]? {
        headers?.filter { $0.name != "x-delivery-count" }.sorted { $0.name < $1.name }
    }

    /// The full number takes a minute: `POSTBACK_TEST_LETTERS=100000`.
    private static let looked =
        ProcessInfo.processInfo.environment["POSTBACK_TEST_LETTERS"].flatMap { Int($0) } ?? 10_000

    @Test("looking leaves the queue as it was, while letters arrive, and also when the look is killed")
    func looking() throws {
        try Scenario.run { scenario in
            let letters = DeadLetterSeed.lot(Self.looked)
            try scenario.seed(letters)
            let late = DeadLetterSeed.lot(200, from: Self.looked)
            let process = try ChildProcess(
                BuiltProduct.postback,
                ["dead-letters", "list", "--json"],
                folder: scenario.folder.path,
                output: scenario.folder.file("list.out"),
                errors: scenario.folder.file("list.err")
            )
            for letter in late {
                try scenario.amqp().publish([letter], exchange: "", key: scenario.topology.deadLetters)
            }
            #expect(process.waitForEnd(within: 120) == .exited(0))
            let listed = scenario.folder.read("list.out").split(separator: "\n").count
            // What arrived before the list began belongs to it.
            #expect((Self.looked...Self.looked + late.count).contains(listed))

            let again = try Self.rows(scenario.deadLettersCommand("list", "--json"))
            let seen = again.map { $0["event_id"] as? String }
            #expect(seen == (letters + late).map(\.eventID), "a look keeps the order")

            let killed = try ChildProcess(
                BuiltProduct.postback,
                ["dead-letters", "list", "--by", "host"],
                folder: scenario.folder.path
            )
            usleep(250_000)
            _ = killed.kill()
            try eventually("all letters are ready again", within: 60) {
                try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == Self.looked + late.count
            }
            var after = try scenario.take(scenario.topology.deadLetters)
            var before = letters + late
            if Self.looked > 50_000 {
                // Killed with several connections open, their letters come back whole, but block by block in any order.
                after.sort { $0.eventID < $1.eventID }
                before.sort { $0.eventID < $1.eventID }
            }
            #expect(after.map(\.eventID) == before.map(\.eventID))
            let isUnchanged = zip(after, before).allSatisfy { after, before in
                after.body == before.body && after.contentType == before.contentType
                    && Self.sorted(after.headers) == Self.sorted(before.headers)
            }
            #expect(isUnchanged)
        }
    }
}
