import Foundation
import TestSupport
import Testing

/// `postback deliveries` on a log of 10,000 records that this test has written.
@Suite(.light, .timeLimit(Patience.limit))
struct DeliveriesCommandTests {
    private static let count = 10_000
    private static let start = 1_767_225_600  // 2026-01-01T00:00:00Z

    /// Record `number` of a log with known shares: every 10th is rejected, every 4th of publisher 2, times 1 to 100 ms.
    private static func record(_ number: Int) -> TestMessage {
        let time = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: TimeInterval(start + number)))
        let at = time.replacingOccurrences(of: "Z", with: ".000Z")
        let publisher = number % 4 == 0 ? "2" : "1"
        let isRejected = number % 10 == 0
        return TestMessage(
            #"{"kind":"attempt","at":"\#(at)","event_id":"e\#(number)","publisher_id":"\#(publisher)","#
                + #""offer_id":"o\#(number % 7)","type":"sale","status_of_event":"approved","route":"\#(publisher)/global/default","#
                + (isRejected
                    ? #""verdict":"rejected","reason":"status 404: nobody here","end":"dead_letter","dead_letter":"rejected","#
                    : #""verdict":"delivered","end":"delivered","#)
                + #""attempt":1,"status":\#(isRejected ? 404 : 200),"host":"t\#(publisher).example","#
                + #""url":"https://t\#(publisher).example/pb?cid=\#(number)","sends":1,"#
                + #""ms":{"queue":0.1,"total":\#(number % 100 + 1)},"bytes":2\#(number % 1000 == 0 ? #","test":true"# : "")}"#
        )
    }

    private func withLog(_ count: Int = count, _ body: (Scenario, ([String]) throws -> CommandRun) throws -> Void)
        throws
    {
        try Scenario.run { scenario in
            try scenario.writeFiles()
            let amqp = try scenario.amqp()
            try amqp.declare(queue: scenario.topology.deliveries, [AMQPField("x-queue-type", .text("stream"))])
            if count > 0 {
                try amqp.publish((0..<count).map(Self.record), exchange: "", key: scenario.topology.deliveries)
            }
            try body(scenario) { arguments in
                try CommandRun(
                    ["deliveries", "-c", "postback.yaml"] + arguments,
                    in: scenario.folder,
                    environment: ["COLUMNS": nil]
                )
            }
        }
    }

    private func events(_ run: CommandRun) -> [String] {
        run.output.split(separator: "\n").map { LogRecord(Array($0.utf8))["event_id"] ?? "none: \($0)" }
    }

    @Test("every filter finds what it should, in order")
    func filters() throws {
        try withLog { _, deliveries in
            let wanted: [([String], (Int) -> Bool)] = [
                (["--event-id", "e77"], { $0 == 77 }),
                (["--event-id", "e77", "--event-id", "e5"], { $0 == 77 || $0 == 5 }),
                (["--publisher", "2", "--verdict", "rejected"], { $0 % 20 == 0 }),
                (["--verdict", "failed", "--offer", "o3"], { $0 % 10 == 0 && $0 % 7 == 3 }),
                (["--host", "T2.example", "--status", "4xx"], { $0 % 20 == 0 }),
                (["--route", "2/", "--status", "400-410"], { $0 % 20 == 0 }),
                (["--route", "2/*", "--status", "404", "--limit", "0"], { $0 % 20 == 0 }),
                (["--route", "2/global/default", "--status", "404", "--test"], { $0 % 1000 == 0 }),
                (["--reason", "Nobody", "--publisher", "1"], { $0 % 10 == 0 && $0 % 4 != 0 }),
                (["--reason", "rejected", "--offer", "o0"], { $0 % 70 == 0 }),
                (["--since", "2026-01-01T00:01:00Z", "--until", "2026-01-01T00:01:09Z"], { 60...69 ~= $0 }),
                (["--limit", "3"], { $0 < 3 }),
            ]
            for (arguments, fits) in wanted {
                let run = try deliveries(arguments + ["--json"])
                #expect(run.exitCode == 0, "\(arguments): \(run.errors)")
                #expect(events(run) == (0..<Self.count).filter(fits).map { "e\($0)" }, "\(arguments)")
            }
            let none = try deliveries(["--publisher", "3"])
            #expect(none.exitCode == 1)
            #expect(none.output.isEmpty)
            #expect(none.errors.contains("nothing found in 10000 records"))
        }
    }

    @Test("a summary counts right, and its percentiles are within 2 %")
    func summary() throws {
        try withLog { scenario, deliveries in
            let audit = #"{"kind":"audit","at":"2026-01-01T00:00:00.000Z","action":"replay","id":"r","by":"a@b"}"#
            try scenario.amqp().publish([TestMessage(audit)], exchange: "", key: scenario.topology.deliveries)
            let run = try deliveries(["--by", "publisher", "--json"])
            let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            let rows = try #require(object?["rows"] as? [[String: Any]])
            #expect(rows.map { $0["value"] as? String } == ["1", "2"])
            #expect(rows.map { $0["records"] as? Int } == [7500, 2500])
            #expect(rows.map { $0["failures"] as? Int } == [500, 500])
            #expect(rows.map { $0["failure_share"] as? Double } == [0.0667, 0.2])
            for (name, exact) in [("p50", 50.0), ("p90", 90.0), ("p99", 99.0)] {
                for row in rows {
                    let value = try #require(row[name] as? Double)
                    // Publisher 2's times are 1, 5, 9, ..., 97.
                    #expect(abs(value - exact) <= exact * 0.02 + 2, "\(name) \(value)")
                }
            }
            let verdicts = try deliveries(["--by", "verdict", "--width", "80"])
            #expect(
                verdicts.output.split(separator: "\n").map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
                    == ["VERDICT RECORDS FAILED", "delivered 9000 0", "rejected 1000 1000"]
            )
        }
    }

    @Test("tables fit 80 and 200 columns", arguments: [80, 200])
    func tables(width: Int) throws {
        try withLog(21) { scenario, deliveries in
            let run = try CommandRun(
                ["deliveries", "-c", "postback.yaml", "--publisher", "2"],
                in: scenario.folder,
                environment: ["COLUMNS": "\(width)"]
            )
            let golden = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "Golden/deliveries-\(width).txt")
            let expected = try String(contentsOf: golden, encoding: .utf8)
            #expect(run.output == expected)
            #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= width })
            #expect(try deliveries(["--publisher", "2", "--width", "\(width)"]).output == expected)
        }
    }

    @Test("an empty log and a missing one say so, each in its way")
    func empty() throws {
        try withLog(0) { scenario, deliveries in
            let run = try deliveries([])
            #expect(run.exitCode == 1)
            #expect(run.errors.contains("nothing found in 0 records"))
            try scenario.amqp().delete(queue: scenario.topology.deliveries)
            let missing = try deliveries([])
            #expect(missing.exitCode == 1)
            #expect(missing.errors.contains("topology declare"))
            #expect(try deliveries(["--status", "9"]).exitCode == 2)
            #expect(try deliveries(["--since", "yesterday"]).exitCode == 2)
            #expect(try deliveries(["--follow", "--by", "host"]).exitCode == 2)
            #expect(try deliveries(["--event-id", ""]).exitCode == 2)
            let bogus = try deliveries(["--verdict", "bogus"])
            #expect(bogus.exitCode == 2 && bogus.errors.contains("allowed: delivered, duplicate"), "\(bogus.errors)")
            scenario.configuration["broker.url"] = "\"amqp://guest:guest@127.0.0.1:1/\""
            try scenario.writeFiles()
            #expect(try deliveries([]).exitCode == 3)
        }
    }

    @Test("--follow shows what comes, and Ctrl-C ends it with 0")
    func follow() throws {
        try withLog(5) { scenario, _ in
            let process = try ChildProcess(
                BuiltProduct.postback,
                ["deliveries", "-c", "postback.yaml", "--follow", "--json"],
                folder: scenario.folder.path,
                output: scenario.folder.file("follow.out"),
                errors: scenario.folder.file("follow.err")
            )
            defer { _ = process.kill() }
            var number = 100
            try eventually("a new record is shown", within: 30, state: { scenario.folder.read("follow.err") }) {
                number += 1
                try scenario.amqp().publish([Self.record(number)], exchange: "", key: scenario.topology.deliveries)
                return scenario.folder.read("follow.out").contains("\"event_id\":\"e\(number - 3)\"")
            }
            // None of those that were there before.
            #expect(!scenario.folder.read("follow.out").contains("\"event_id\":\"e4\""))
            process.signal(SIGINT)
            #expect(process.waitForEnd(within: 20) == .exited(0))
        }
    }
}
