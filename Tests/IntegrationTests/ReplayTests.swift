import Foundation
import RabbitMQ
import TestSupport
import Testing

extension Scenario {
    /// The first records of the delivery log.
    func logRecords(_ count: Int) throws -> [String] {
        let reader = try StreamReader(
            BrokerURL(parsing: broker.url),
            tls: BrokerTLS(),
            name: "test",
            stream: topology.deliveries,
            from: .first
        )
        defer { reader.close() }
        var records: [String] = []
        try eventually("\(count) records", state: { records }) {
            records += try reader.next(waiting: 500).map { String(decoding: $0.body, as: UTF8.self) }
            return records.count >= count
        }
        return records
    }

    /// Starts a replay; what it prints goes to NAME.out and NAME.err.
    func startReplay(_ arguments: [String], name: String = "replay") throws -> ChildProcess {
        try ChildProcess(
            BuiltProduct.postback,
            ["dead-letters", "replay"] + arguments,
            folder: folder.path,
            output: folder.file("\(name).out"),
            errors: folder.file("\(name).err")
        )
    }
}

/// `dead-letters replay`.
@Suite(.light, .timeLimit(Patience.limit))
struct ReplayTests {
    @Test("a dry run counts what matches by reason, host and publisher, and changes nothing")
    func dryRun() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.lot(10_000))
            let run = try scenario.deadLettersCommand("replay", "--dry-run", "--status", "503", "--json")
            let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            #expect(run.exitCode == 0 && report?["matched"] as? Int == 2000)
            #expect(report?["by_reason"] as? [String: Int] == ["exhausted": 2000])
            #expect((report?["by_host"] as? [String: Int])?.count == 4)
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0)
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 10_000)
        }
    }

    @Test("a replay moves what matches of 10,000 letters, fresh for their route, and leaves the others in their order")
    func replay() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.lot(10_000))
            #expect(try scenario.deadLettersCommand("replay").exitCode == 2, "which letters?")
            let run = try scenario.deadLettersCommand("replay", "--reason", "rejected", "--reason", "poison", "--json")
            #expect(run.exitCode == 0, "\(run.errors)")
            let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            let id = report?["id"] as? String ?? ""
            #expect(report?["replayed"] as? Int == 2100)
            let replayed = try scenario.take(scenario.topology.conversions)
            let wanted = (0..<10_000).filter { $0 % 100 == 99 || ($0 % 100 != 98 && $0 % 5 == 0) }
            #expect(replayed.map(\.eventID) == wanted.map { "ev-\($0)" })
            #expect(replayed[0].body == DeadLetterSeed.message(0).body)
            #expect(replayed[0].text("x-network") == "its own")
            let own = (replayed[0].headers ?? []).map(\.name).filter { $0.hasPrefix("x-postback-") }.sorted()
            #expect(own == ["publish-id", "replayed-from", "route", "template"].map { "x-postback-\($0)" })
            #expect(replayed.allSatisfy { $0.text("x-postback-replayed-from") == id })
            let left = try scenario.take(scenario.topology.deadLetters)
            #expect(left.map(\.eventID) == (0..<10_000).filter { !wanted.contains($0) }.map { "ev-\($0)" })
            let records = try scenario.logRecords(2)
            #expect(records[0].contains(#""action":"replay","id":"\#(id)""#) && records[0].contains(#""frozen":10000"#))
            #expect(records[1].contains(#""replayed":2100"#), "\(records[1])")
        }
    }

    @Test("a limit and a rate are kept")
    func slowly() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.routed(1000))
            let watch = Stopwatch()
            let run = try scenario.deadLettersCommand("replay", "--all", "--limit", "300", "--rate", "100/s")
            #expect(run.exitCode == 0 && run.output.hasPrefix("300 of 1000 dead letters replayed"), "\(run.output)")
            #expect(watch.seconds > 2.7)
            let replayed = try scenario.take(scenario.topology.conversions)
            #expect(replayed.map(\.eventID) == DeadLetterSeed.routed(300).map(\.eventID))
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 700)
        }
    }

    @Test("killed at 20 points and run again, every letter is replayed or still there")
    func killed() throws {
        try Scenario.run { scenario in
            let letters = DeadLetterSeed.routed(5000)
            try scenario.seed(letters)
            func moved() throws -> Int { try scenario.amqp().depth(of: scenario.topology.conversions)?.ready ?? 0 }
            for number in 1...20 {
                let goal = try moved() + Int.random(in: 1...100)
                let process = try scenario.startReplay(["--all", "--rate", "1000"])
                try eventually("replay \(number) is under way", within: 60) {
                    try moved() >= goal || process.ended != nil
                }
                _ = process.kill()
                try eventually("the broker has noticed") {
                    try scenario.amqp().depth(of: scenario.topology.deadLetters)?.consumers == 0
                }
            }
            var replayed = try scenario.take(scenario.topology.conversions)
            let wanted = Set(letters.map(\.eventID))
            let still = try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready ?? 0
            let doubles = replayed.count + still - letters.count
            let rest = try scenario.deadLettersCommand("replay", "--all")
            #expect(rest.exitCode == 0, "\(rest.errors)")
            replayed += try scenario.take(scenario.topology.conversions)
            #expect(Set(replayed.map(\.eventID)) == wanted)
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
            // What was published and not yet acknowledged when the process died is there twice; never more than its window.
            #expect(replayed.count - letters.count == doubles && (0...20 * 256).contains(doubles), "\(doubles)")
            print("replay killed at 20 points: \(doubles) of \(letters.count) letters replayed twice")
        }
    }

    @Test("after a kill -9 the delivery log tells what was replayed: with --after no letter is replayed twice")
    func after() throws {
        try Scenario.run { scenario in
            let letters = DeadLetterSeed.routed(1500)
            try scenario.seed(letters)
            let process = try scenario.startReplay(["--all", "--rate", "200"])
            try eventually("it is under way") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready ?? 0 > 100
            }
            _ = process.kill()
            try eventually("the broker has noticed") {
                try scenario.amqp().depth(of: scenario.topology.deadLetters)?.consumers == 0
            }
            var replayed = try scenario.take(scenario.topology.conversions)
            let id = replayed[0].text("x-postback-replayed-from") ?? ""
            #expect(try scenario.deadLettersCommand("replay", "--all", "--after", "nonsense").exitCode == 2)
            let wrong = try scenario.deadLettersCommand("replay", "--all", "--after", "20261126T081500Z-4f2a")
            #expect(wrong.exitCode == 1 && wrong.errors.contains("has no record of a replay"), "\(wrong.errors)")
            // Workers hold them unacknowledged: nothing waits, and nothing is logged.
            let early = try scenario.deadLettersCommand("replay", "--all", "--after", id)
            #expect(early.exitCode == 1 && early.errors.contains("letters are gone"), "\(early.errors)")
            scenario.configuration["deliveries.log"] = "none"
            try scenario.writeFiles()
            let blind = try scenario.deadLettersCommand("replay", "--all", "--after", id)
            #expect(blind.exitCode == 2 && blind.errors.contains("deliveries.log is none"), "\(blind.errors)")
            scenario.configuration["deliveries.log"] = "all"
            try scenario.writeFiles()
            // As the workers log them.
            try scenario.amqp().publish(
                replayed.map {
                    TestMessage(
                        #"{"event_id":"\#($0.eventID)","route":"\#($0.text("x-postback-route") ?? "")","#
                            + #""end":"delivered","replay":"\#(id)"}"#
                    )
                },
                exchange: "",
                key: scenario.topology.deliveries
            )
            let still = try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready ?? 0
            let doubles = replayed.count + still - letters.count
            let run = try scenario.deadLettersCommand("replay", "--all", "--after", id, "--json")
            #expect(run.exitCode == 0 && run.output.contains(#""already":\#(doubles),"#), "\(run.output) \(run.errors)")
            replayed += try scenario.take(scenario.topology.conversions)
            #expect(replayed.map(\.eventID).sorted() == letters.map(\.eventID).sorted())
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
            let second = replayed.last?.text("x-postback-replayed-from") ?? ""
            let over = try scenario.deadLettersCommand("replay", "--all", "--after", second)
            #expect(over.exitCode == 1 && over.errors.contains("ended by itself"), "\(over.errors)")
        }
    }

    @Test("two replays at once take each letter once")
    func together() throws {
        try Scenario.run { scenario in
            let letters = DeadLetterSeed.routed(4000)
            try scenario.seed(letters)
            let replays = try (0..<2).map { try scenario.startReplay(["--all", "--json"], name: "replay-\($0)") }
            let ends = replays.map { $0.waitForEnd(within: 60) }
            let counts = try (0..<2).map { number in
                let text = scenario.folder.read("replay-\(number).out")
                if text.isEmpty {
                    // The other held them all already.
                    #expect(ends[number] == .exited(1))
                    #expect(scenario.folder.read("replay-\(number).err").contains("no letter was seen"))
                    return 0
                }
                #expect(ends[number] == .exited(0))
                return try (JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])?["replayed"] as? Int
                    ?? 0
            }
            #expect(counts.reduce(0, +) == letters.count, "\(counts)")
            let replayed = try scenario.take(scenario.topology.conversions)
            #expect(replayed.map(\.eventID).sorted() == letters.map(\.eventID).sorted())
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
        }
    }

    @Test(
        "Ctrl-C ends a replay with exit code 1 and a report, and running it again goes on: nothing lost, nothing twice"
    )
    func interrupted() throws {
        try Scenario.run { scenario in
            let letters = DeadLetterSeed.routed(3000)
            try scenario.seed(letters)
            let process = try scenario.startReplay(["--all", "--rate", "300"])
            try eventually("it is under way") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready ?? 0 > 100
            }
            process.signal(SIGINT)
            #expect(process.waitForEnd(within: 20) == .exited(1))
            #expect(scenario.folder.read("replay.out").contains("of 3000 dead letters replayed"))
            #expect(scenario.folder.read("replay.err").contains("interrupted"), "\(scenario.folder.read("replay.err"))")
            let still = try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready ?? 0
            #expect(still > 0 && still < 3000)
            #expect(try scenario.deadLettersCommand("replay", "--all").exitCode == 0)
            let replayed = try scenario.take(scenario.topology.conversions)
            // Some that were in hand may come behind others when they are back.
            #expect(replayed.map(\.eventID).sorted() == letters.map(\.eventID).sorted())
        }
    }

    @Test("a canary that fails again stops the replay; one that is delivered lets the others go")
    func canary() throws {
        try Scenario.run { scenario in
            try scenario.seed(DeadLetterSeed.routed(500))
            for (verdict, code, ready) in [
                (#""verdict":"rejected","end":"dead_letter","dead_letter":"rejected""#, Int32(1), 490),
                (#""verdict":"retry","end":"retry""#, 1, 480), (#""verdict":"delivered","end":"delivered""#, 0, 0),
            ] {
                let process = try scenario.startReplay(["--all", "--canary", "10", "--timeout", "10m"])
                var canaries: [TestMessage] = []
                try eventually("ten canaries") {
                    canaries += try scenario.take(scenario.topology.conversions)
                    return canaries.count >= 10
                }
                usleep(300_000)
                #expect(try scenario.take(scenario.topology.conversions).isEmpty, "the others wait")
                let id = canaries[0].text("x-postback-replayed-from") ?? ""
                try scenario.amqp().publish(
                    canaries.map {
                        TestMessage(
                            #"{"event_id":"\#($0.eventID)","route":"\#($0.text("x-postback-route") ?? "")","#
                                + #""attempt":1,\#(verdict),"replay":"\#(id)"}"#
                        )
                    },
                    exchange: "",
                    key: scenario.topology.deliveries
                )
                #expect(process.waitForEnd(within: 30) == .exited(code), "\(scenario.folder.read("replay.err"))")
                try eventually("\(ready) letters are left") {
                    try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == ready
                }
            }
            #expect(scenario.folder.read("replay.err").contains("10 of 10 first attempts of the canary failed"))
            scenario.configuration["deliveries.log"] = "failures"
            try scenario.writeFiles()
            let refused = try scenario.deadLettersCommand("replay", "--all", "--canary", "1")
            #expect(refused.exitCode == 2 && refused.errors.contains("deliveries.log is failures"), "\(refused.errors)")
        }
    }

    @Test("--wait follows each postback of an event that had no route, and one that fails ends it with exit code 1")
    func waitForAll() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "1": """
                { global: [ { name: good, url: "TRACKER/good?cid={{click_id}}" }, \
                { name: bad, url: "TRACKER/status/404/bad?cid={{click_id}}" } ] }
                """
            ])
            try scenario.seed([DeadLetterSeed.message(99)])
            _ = try scenario.startWorker()
            let run = try scenario.deadLettersCommand("replay", "--all", "--wait", "--timeout", "10m", "--json")
            let report = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
            #expect(run.exitCode == 1 && report?["stopped"] == nil, "\(run.output) \(run.errors)")
            #expect(report?["delivered"] as? Int == 1 && report?["failed_again"] as? [String: Int] == ["rejected": 1])
        }
    }

    @Test("a worker's dead letter is replayed, counts from the first attempt anew, and says so when it dies again")
    func again() throws {
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "2"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/status/503/pb?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            func waitForLetter() throws {
                try eventually("the dead letter") {
                    try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 1
                }
            }
            try waitForLetter()
            let run = try scenario.deadLettersCommand("replay", "--event-id", "e1", "--json")
            #expect(run.exitCode == 0, "\(run.errors)")
            try scenario.waitForRequests(4)
            try waitForLetter()
            let letter = try scenario.deadLetters(1)[0]
            #expect(letter.number("x-postback-attempt") == 2 && letter.text("x-postback-reason") == "exhausted")
            let id = letter.text("x-postback-replayed-from") ?? "none"
            #expect(run.output.contains(#""id":"\#(id)""#))
            #expect(letter.text("x-postback-history")?.split(separator: "}").count == 3)
            #expect(worker.stop() == 0)
        }
    }
}
