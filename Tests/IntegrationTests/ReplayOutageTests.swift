import Foundation
import TestSupport
import Testing

/// A broker that goes away in the middle of a replay, on a broker of their own.
@Suite(.serialized, .ownBroker, .heavy, .timeLimit(.minutes(20)))
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
}
