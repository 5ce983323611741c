import Foundation
import TestSupport
import Testing

/// A broker that goes away in the middle of a replay, on a broker of their own.
@Suite(.serialized, .ownBroker, .heavy, .timeLimit(Patience.limit))
struct ReplayOutageTests {
    @Test("a broker that restarts in the middle of a replay loses no letter, and the replay goes on by itself")
    func restart() throws {
        let broker = try OwnBroker.running()
        try Scenario.run(on: broker) { scenario in
            let letters = DeadLetterSeed.routed(5000)
            try scenario.seed(letters)
            let process = try scenario.startReplay(["--all", "--rate", "1500", "--json"])
            try eventually("it is under way") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready ?? 0 > 500
            }
            try broker.kill()
            try broker.start()
            let end = process.waitForEnd(within: 90)
            let report =
                try JSONSerialization.jsonObject(with: Data(scenario.folder.read("replay.out").utf8)) as? [String: Any]
            let unknown = report?["unknown"] as? Int ?? -1
            #expect(end == .exited(unknown > 0 ? 1 : 0), "\(scenario.folder.read("replay.err"))")
            _ = try scenario.amqp(new: true)
            let replayed = try scenario.take(scenario.topology.conversions).map(\.eventID)
            let still = try scenario.take(scenario.topology.deadLetters).map(\.eventID)
            #expect(Set(replayed + still) == Set(letters.map(\.eventID)))
            #expect(Set(replayed).count == replayed.count, "none was published twice")
            #expect(still.count == unknown, "only what is unknown stays: \(report ?? [:])")
        }
    }

    @Test("a broker that ends channels of letters held too long doubles and loses none, however slow the replay is")
    func consumerTimeout() throws {
        let broker = try OwnBroker.running()
        // As consumer_timeout would in 30 minutes; for channels that are opened from now on.
        try broker.control("eval", "application:set_env(rabbit, consumer_timeout, 7000).")
        try broker.control("eval", "application:set_env(rabbit, channel_tick_interval, 500).")
        try Scenario.run(on: broker) { scenario in
            let letters = DeadLetterSeed.routed(240)
            try scenario.seed(letters)
            let process = try scenario.startReplay(["--publisher", "2", "--rate", "6", "--json"])
            let end = process.waitForEnd(within: 90)
            #expect(end == .exited(0), "\(scenario.folder.read("replay.out")) \(scenario.folder.read("replay.err"))")
            let wanted = Set(letters.map(\.eventID).filter { Int($0.dropFirst(3)).map { $0 % 3 == 1 } == true })
            let replayed = try scenario.take(scenario.topology.conversions).map(\.eventID)
            #expect(Set(replayed) == wanted && replayed.count == wanted.count, "none was published twice")
            let still = try scenario.take(scenario.topology.deadLetters).map(\.eventID)
            #expect(still.count == letters.count - wanted.count, "none of them is still there")
            #expect(Set(still).isDisjoint(with: wanted))
            let report = try JSONSerialization.jsonObject(with: Data(scenario.folder.read("replay.out").utf8))
            #expect(((report as? [String: Any])?["trouble"] as? String)?.contains("timed out") == true, "\(report)")
        }
        try broker.control("eval", "application:set_env(rabbit, consumer_timeout, 1800000).")
        try broker.control("eval", "application:set_env(rabbit, channel_tick_interval, 60000).")
    }

    @Test("deliveries --follow goes on after a restart of the broker, where it was")
    func follow() throws {
        let broker = try OwnBroker.running()
        try Scenario.run(on: broker) { scenario in
            try scenario.seed([])
            let process = try ChildProcess(
                BuiltProduct.postback,
                ["deliveries", "--follow", "--json"],
                folder: scenario.folder.path,
                output: scenario.folder.file("follow.out"),
                errors: scenario.folder.file("follow.err")
            )
            var number = 0
            func isShown(by amqp: AMQPConnection) throws -> Bool {
                number += 1
                let record = #"{"kind":"attempt","at":"2026-01-01T00:00:00.000Z","event_id":"e\#(number)"}"#
                try amqp.publish([TestMessage(record)], exchange: "", key: scenario.topology.deliveries)
                return scenario.folder.read("follow.out").contains(#""event_id":"e\#(number - 2)""#)
            }
            try eventually("it follows", within: 30) { try isShown(by: scenario.amqp()) }
            try broker.kill()
            try broker.start()
            let amqp = try scenario.amqp(new: true)
            try eventually("it goes on", within: 60, state: { scenario.folder.read("follow.err") }) {
                try isShown(by: amqp)
            }
            let shown = scenario.folder.read("follow.out").split(separator: "\n")
            #expect(Set(shown).count == shown.count, "none is shown twice")
            process.signal(SIGINT)
            #expect(process.waitForEnd(within: 20) == .exited(0))
        }
    }
}
