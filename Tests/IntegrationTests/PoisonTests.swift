import Glibc
import TestSupport
import Testing

/// Messages that kill workers, with a worker that can be killed so: only a debug build can.
@Suite(.heavy, .timeLimit(Patience.limit))
struct PoisonTests {
    /// From so many crashes on it is taken alone.
    private static let alone = 5

    /// Starts workers one after the other, as a supervisor does, until one stays and `isDone`.
    private func supervise(
        _ scenario: Scenario,
        deadly: String,
        until isDone: (WorkerUnderTest) throws -> Bool
    ) throws -> (worker: WorkerUnderTest, crashes: Int) {
        let watch = Stopwatch()
        for crashes in 0..<40 {
            let worker = try scenario.startWorker(
                ready: false,
                environment: ["POSTBACK_TEST_DEADLY": deadly, "SWIFT_BACKTRACE": "enable=no"]
            )
            while worker.ended == nil {
                if (try? isDone(worker)) == true { return (worker, crashes) }
                if watch.seconds > Patience.stretched(120) {
                    throw TimedOut("poison: after \(crashes) crashes still not done")
                }
                usleep(100_000)
            }
        }
        throw TimedOut("poison: 40 crashes and no end")
    }

    @Test(
        "a message that kills each worker ends as poison after some crashes; all that were prefetched with it arrive",
        arguments: [1, 2]
    )
    func poison(lanes: Int) throws {
        try Scenario.run { scenario in
            scenario.configuration["broker.prefetch"] = "200"
            scenario.configuration["dispatch.lanes"] = "\(lanes)"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/delay/20ms?cid={{click_id}}")])
            try scenario.topology.declare(scenario.amqp())
            try scenario.publish(
                Conversions.messages(150, prefix: "before") + [Conversions.message("deadly")]
                    + Conversions.messages(150, prefix: "after")
            )
            let (worker, crashes) = try supervise(scenario, deadly: "deadly") { worker in
                try Set(scenario.tracker.requests().map(\.click)).count == 300
                    && worker.metric("messages_unacknowledged") == 0
                    && scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 1
            }
            // Eighteen, but for a connection that a starved machine lost: the broker counts that too.
            #expect((Self.alone...18).contains(crashes))
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0)
            #expect(try worker.metric(#"dead_letters_total{reason="poison"}"#) == 1)
            let list = try scenario.deadLettersCommand("list", "--reason", "poison", "--json")
            #expect(list.exitCode == 0 && list.output.contains(#""deadly""#))
            #expect(worker.stop() == 0)
            let letters = try scenario.deadLetters(1)
            #expect(letters.count == 1 && letters[0].text == Conversions.event("deadly"))
            #expect(letters[0].text("x-postback-reason") == "poison")
            #expect(letters[0].text("x-postback-last-error")?.contains("came back to its queue 18 times") == true)
            let clicks = try scenario.tracker.requests().map(\.click)
            let expected = (0..<150).flatMap { ["before-\($0)", "after-\($0)"] }
            #expect(Set(clicks) == Set(expected))
        }
    }
}
