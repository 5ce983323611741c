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
}
