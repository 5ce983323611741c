import Foundation
import TestSupport
import Testing

/// The commands as people and scripts run them: exit codes, and what stands where (CONTRACT section 6).
@Suite(.light, .timeLimit(Patience.limit))
struct CommandTests {
    @Test(
        "a wrong command line ends with exit code 2 and a usage line on stderr",
        arguments: [
            ["run", "--nope"], ["nope"], ["publish"], ["status", "too", "many"], ["topology", "destroy"],
            ["check", "-c"],
        ]
    )
    func usage(arguments: [String]) throws {
        try Scenario.run { scenario in
            let run = try CommandRun(arguments, in: scenario.folder)
            #expect(run.exitCode == 2)
            #expect(run.output == "")
            #expect(run.errors.contains("Usage: postback"), "\(run.errors)")
        }
    }

    @Test(
        "a configuration with a fault ends every command with exit code 2, and file, line and what was meant",
        arguments: [
            ["run"], ["check"], ["publish", "-"], ["status"], ["topology", "verify"], ["topology", "declare"],
            ["topology", "print"],
        ]
    )
    func badConfiguration(arguments: [String]) throws {
        try Scenario.run { scenario in
            try scenario.folder.write("broker:\n  urll: amqp://x\nretry: { attempts: many }\n", to: "postback.yaml")
            let run = try CommandRun(arguments, in: scenario.folder)
            #expect(run.exitCode == 2)
            let all = run.output + run.errors
            #expect(all.contains("postback.yaml:2:3: error: broker.urll"), "\(all)")
            #expect(all.contains("did you mean \"url\"?"), "\(all)")
            #expect(all.contains("postback.yaml:3"), "\(all)")
        }
    }

    @Test("a broker URL that is none, and a named file that is missing, end with exit code 2")
    func unusable() throws {
        try Scenario.run { scenario in
            try scenario.folder.write("broker: { url: \"amqp://host:99999999\" }\n", to: "postback.yaml")
            #expect(try CommandRun(["status"], in: scenario.folder).exitCode == 2)
            let missing = try CommandRun(["status", "-c", "nowhere.yaml"], in: scenario.folder)
            #expect(missing.exitCode == 2)
            #expect(missing.errors.contains("nowhere.yaml"))
            try scenario.writeFiles()
            #expect(try CommandRun(["publish", "nowhere.ndjson"], in: scenario.folder).exitCode == 2)
        }
    }

    @Test(
        "without a broker publish, status and topology end with exit code 3 and say where they looked",
        arguments: [["publish", "-"], ["status"], ["topology", "verify"], ["topology", "declare"]]
    )
    func noBroker(arguments: [String]) throws {
        let port = try ClosedPort()
        try Scenario.run { scenario in
            scenario.configuration["broker.url"] = "\"amqp://me:hush-hush@127.0.0.1:\(port.number)\""
            try scenario.writeFiles()
            let run = try CommandRun(arguments, in: scenario.folder)
            #expect(run.exitCode == 3)
            #expect(run.errors.contains("127.0.0.1:\(port.number)"), "\(run.errors)")
            #expect(!run.errors.contains("hush-hush"))
        }
    }

    @Test("publish refuses invalid lines by their number, publishes the rest, and ends with exit code 1")
    func publishFile() throws {
        let lines = [
            Conversions.event("a"), #"{"id":"b"}"#, "", Conversions.event("c") + "\r", "not json",
            Conversions.event("d"),
        ]
        try Scenario.run { scenario in
            try scenario.topology.declare(scenario.amqp())
            try scenario.writeFiles()
            try scenario.folder.write(lines.joined(separator: "\n"), to: "events.ndjson")
            let run = try CommandRun(["publish", "events.ndjson"], in: scenario.folder)
            #expect(run.exitCode == 1)
            #expect(run.output == "3 published and confirmed, 2 refused, 0 not published\n")
            #expect(run.errors.contains("events.ndjson:2: "))
            #expect(run.errors.contains("publisher_id"))
            #expect(run.errors.contains("events.ndjson:5: "))
            let messages = try scenario.amqp().drain(scenario.topology.conversions)
            #expect(messages.map(\.text) == ["a", "c", "d"].map { Conversions.event($0) })
            #expect(messages.allSatisfy { $0.contentType == "application/json" && $0.deliveryMode == 2 })

            let json = try CommandRun(["publish", "--json", "events.ndjson"], in: scenario.folder)
            #expect(json.exitCode == 1)
            let report = try #require(object(json.output))
            #expect(report["published"] as? Int == 3)
            #expect((report["refused"] as? [[String: Any]])?.map { $0["line"] as? Int } == [2, 5])
        }
    }

    @Test("publish - reads standard input, 5,000 events too, and without the queue says what is missing")
    func publishInput() throws {
        try Scenario.run { scenario in
            try scenario.writeFiles()
            let input = (0..<5000).map { Conversions.event("e\($0)") + "\n" }.joined()
            let nowhere = try CommandRun(["publish", "-"], in: scenario.folder, input: Conversions.event("a"))
            #expect(nowhere.exitCode == 1)
            #expect(nowhere.errors.contains("`postback topology declare` creates it"), "\(nowhere.errors)")
            try scenario.topology.declare(scenario.amqp())
            let run = try CommandRun(["publish", "-"], in: scenario.folder, input: input)
            #expect(run.exitCode == 0)
            #expect(run.output == "5000 published and confirmed, 0 refused, 0 not published\n")
            #expect(run.errors == "")
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 5000)
        }
    }

    @Test("status tells depths and the oldest dead letter, as text and as JSON, and leaves everything as it is")
    func status() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.lanes"] = "1"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/status/404?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("dead")])
            try eventually("it is dead") { try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 1 }
            // While the window opens there is a second one for a moment.
            try eventually("one consumes") {
                let running = object(try CommandRun(["status", "--json"], in: scenario.folder).output)
                return running?["consumers"] as? Int == 1
            }
            #expect(worker.stop() == 0)
            try scenario.publish(Conversions.messages(3, prefix: "e"))

            for _ in 0..<3 {
                let text = try CommandRun(["status"], in: scenario.folder)
                #expect(text.exitCode == 0)
                #expect(text.output.contains("oldest dead letter: rejected since 20"), "\(text.output)")
                let run = try CommandRun(["status", "--json"], in: scenario.folder)
                #expect(run.exitCode == 0)
                let report = try #require(object(run.output))
                #expect(report["conversions"] as? Int == 3)
                #expect(report["deadLetters"] as? Int == 1)
                #expect(report["retrying"] as? Int == 0)
                #expect(report["consumers"] as? Int == 0)
                let oldest = report["oldestDeadLetter"] as? [String: Any]
                #expect(oldest?["reason"] as? String == "rejected")
                #expect(oldest?["route"] as? String == "1/global/default")
                try eventually("the dead letter is back in its place") {
                    try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 1
                }
            }
        }
    }

    @Test("check is content with good files, and tells every fault of bad ones with its line, as text and as JSON")
    func check() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes(["1": Scenario.global("https://t.example/pb?cid={{click_id}}")])
            try scenario.writeFiles()
            let good = try CommandRun(["check"], in: scenario.folder)
            #expect(good.exitCode == 0)
            #expect(good.output == "ok: 1 postbacks of 1 publishers\n")
            try scenario.folder.write(
                """
                publishers:
                  "1": { global: { url: "https://t.example/pb?cid={{clikc_id}}" } }
                  "2": { global: { urll: "https://t.example/pb?cid={{click_id}}" } }
                """,
                to: "routes.yaml"
            )
            let bad = try CommandRun(["check"], in: scenario.folder)
            #expect(bad.exitCode == 2)
            #expect(bad.output.contains("routes.yaml:2:"), "\(bad.output)")
            #expect(bad.output.contains("click_id"), "\(bad.output)")
            #expect(bad.output.contains("routes.yaml:3:"), "\(bad.output)")
            let run = try CommandRun(["check", "--json"], in: scenario.folder)
            #expect(run.exitCode == 2)
            let report = try #require(object(run.output))
            #expect(report["ok"] as? Bool == false)
            let faults = try #require(report["faults"] as? [[String: Any]])
            #expect(faults.compactMap { $0["line"] as? Int }.contains(2))
            #expect(faults.compactMap { $0["line"] as? Int }.contains(3))
            let worker = try scenario.startWorker(ready: false)
            #expect(worker.waitForEnd(within: 15) == .exited(2))
            #expect(worker.logText.contains("routes.yaml:2:"))
        }
    }

    @Test("check tells the faults of the configuration and of the routes at once, by file and line")
    func checkBoth() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try folder.write(
            """
            retry: { attempts: many }
            routes: { file: my-routes.yaml }
            tokens:
              aliases: { good: click_id }
              custom:
                now: "/x"
            secrets: { partner: { env: TEST_MISSING_SECRET } }
            dispatch: { lanez: 2 }
            """,
            to: "postback.yaml"
        )
        try folder.write(
            """
            publishers:
              "1": { global: { url: "https://t.example/pb?cid={{clikc_id}}" } }
              "2": { global: { url: "https://t.example/pb?cid={{good}}&s={{ event_id | hmac_sha256:'partner' }}" } }
              "3": { global: { urll: "https://t.example/pb?cid={{click_id}}" } }
            """,
            to: "my-routes.yaml"
        )
        let run = try CommandRun(["check"], in: folder)
        #expect(run.exitCode == 2)
        let places = run.output.split(separator: "\n").map { line in
            line.split(separator: ":").prefix(2).joined(separator: ":")
        }
        // The secret has a name although it is missing: publisher 2 is not blamed for it.
        #expect(
            places == [
                "my-routes.yaml:2", "my-routes.yaml:4", "my-routes.yaml:4", "postback.yaml:1", "postback.yaml:6",
                "postback.yaml:7", "postback.yaml:8",
            ],
            "\(run.output)"
        )
        // Where the routes are is not known when the file is no YAML: they are not guessed at.
        try folder.write("retry: {\n", to: "postback.yaml")
        try folder.write("publishers: nonsense\n", to: "routes.yaml")
        let broken = try CommandRun(["check"], in: folder)
        #expect(broken.exitCode == 2)
        #expect(broken.output.hasPrefix("postback.yaml:"), "\(broken.output)")
        #expect(!broken.output.contains("routes.yaml"), "\(broken.output)")
    }

    @Test("a key that is given twice does not keep check from the rest, and the first one counts")
    func checkTwice() throws {
        let folder = try TestFolder()
        defer { folder.remove() }
        try folder.write(
            """
            publishers:
              "1": { global: { url: "https://t.example/pb?cid={{clikc_id}}", url: "x" } }
              "2": { global: { url: "https://t.example/pb?cid={{click_id}}", timeout: 5s, timeout: never } }
              "3": { global: { urll: "https://t.example/pb?cid={{click_id}}" } }
              "2": { global: { urlll: "x" } }
            """,
            to: "routes.yaml"
        )
        let run = try CommandRun(["check"], in: folder)
        #expect(run.exitCode == 2)
        let places = run.output.split(separator: "\n").map { line in
            line.split(separator: ":").prefix(3).joined(separator: ":")
        }
        let wanted = [
            "routes.yaml:2:53", "routes.yaml:2:66", "routes.yaml:3:79", "routes.yaml:4:18", "routes.yaml:4:20",
            "routes.yaml:5:3",
        ]
        #expect(places == wanted, "\(run.output)")
    }

    @Test("every setting can come from the environment, and it wins over the file")
    func environment() throws {
        try Scenario.run { scenario in
            scenario.configuration["names.prefix"] = "other"
            try scenario.writeFiles()
            let run = try CommandRun(
                ["topology", "declare"],
                in: scenario.folder,
                environment: ["POSTBACK_NAMES_PREFIX": scenario.topology.prefix]
            )
            #expect(run.output == "declared: exchange \(scenario.topology.exchange) and 21 queues\n")
        }
    }

    @Test("version prints the version, as text and as JSON")
    func version() throws {
        try Scenario.run { scenario in
            let text = try CommandRun(["version"], in: scenario.folder)
            #expect(text.exitCode == 0)
            let version = try #require(text.output.split(separator: " ").last).dropLast()
            #expect(text.output == "postback \(version)\n")
            let json = try CommandRun(["version", "--json"], in: scenario.folder)
            #expect(json.output == #"{"version":"\#(version)"}"# + "\n")
        }
    }

    private func object(_ text: String) -> [String: Any]? {
        try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    }
}
