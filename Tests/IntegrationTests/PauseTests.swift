import Foundation
import TestSupport
import Testing

/// Routes that only fail, and pausing by hand: on all workers, and after a restart.
@Suite(.whole, .timeLimit(Patience.limit))
struct PauseTests {
    private let route = "1/global/default"

    private func routes(_ scenario: Scenario, _ arguments: String...) throws -> CommandRun {
        try CommandRun(["routes"] + arguments + ["-c", "postback.yaml"], in: scenario.folder)
    }

    @Test("a route that only fails is paused on every worker, with a notice, and stays so after a restart")
    func byItself() throws {
        try Scenario.run { scenario in
            scenario.configuration["pause.after"] = "2s"
            scenario.configuration["pause.failures"] = "3"
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/status/500?cid={{click_id}}"),
                "2": Scenario.global("TRACKER/pb?cid={{click_id}}"),
            ])
            try scenario.topology.declare(scenario.amqp())
            let notices = scenario.topology.prefix + ".listener"
            try scenario.amqp().declare(queue: notices, [])
            defer { try? scenario.amqp().delete(queue: notices) }
            try scenario.amqp().bind(queue: notices, to: scenario.topology.exchange, key: "notices")
            let first = try scenario.startWorker(name: "first")
            let second = try scenario.startWorker(name: "second")
            try scenario.publish([Conversions.message("e1"), Conversions.message("e2")])
            var letters: [TestMessage] = []
            try eventually("its deliveries are dead letters", within: 40) {
                letters += try scenario.amqp().drain(scenario.topology.deadLetters)
                return letters.count == 2
            }
            #expect(letters.allSatisfy { $0.text("x-postback-reason") == "paused" })
            try eventually("both workers know") { [first, second].allSatisfy { $0.hasLogged("a route is paused") } }
            var notice: TestMessage?
            try eventually("the notice") {
                notice = try notice ?? scenario.amqp().get(notices)
                return notice != nil
            }
            let text = try #require(notice?.text)
            #expect(text.contains(#""kind":"route_paused""#) && text.contains(#""route":"1/global/default""#))
            #expect(text.contains(#""last_status":500"#) && text.contains(#""since":""#))
            // Of twenty events not one is tried.
            let seen = try scenario.tracker.total()
            try scenario.publish(
                Conversions.messages(20, prefix: "p") + Conversions.messages(5, prefix: "q", publisher: "2")
            )
            #expect(try scenario.deadLetters(20).count == 20)
            try scenario.waitForRequests(seen + 5)
            #expect(first.stop() == 0)
            #expect(second.stop() == 0)
            let third = try scenario.startWorker(name: "third")
            try scenario.publish([Conversions.message("later")])
            #expect(try scenario.deadLetters(1).map { $0.text("x-postback-reason") } == ["paused"])
            #expect(try scenario.tracker.total() == seen + 5)
            let paused = try routes(scenario, "paused")
            #expect(paused.output.contains(route) && paused.output.contains("by itself"))
            #expect(third.stop() == 0)
        }
    }

    @Test("`routes pause` and `resume` take effect on a running worker, and `routes paused` tells who and why")
    func byHand() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            let none = try routes(scenario, "paused")
            #expect(none.exitCode == 0 && none.output.isEmpty)
            let run = try routes(scenario, "pause", route, "--reason", "he changes his tracker")
            #expect(run.exitCode == 0, "\(run.errors)")
            try eventually("the worker says so") { worker.hasLogged("a route is paused") }
            let list = try routes(scenario, "paused", "--json")
            #expect(list.output.contains(#""reason":"he changes his tracker""#) && list.output.contains(#""by":""#))
            try scenario.publish([Conversions.message("e1")])
            #expect(try scenario.deadLetters(1).map { $0.text("x-postback-reason") } == ["paused"])
            #expect(try routes(scenario, "pause", route).exitCode == 1)
            #expect(try routes(scenario, "pause", "1/offers/9/default").exitCode == 1)
            #expect(try routes(scenario, "resume", "2/global/default").exitCode == 1)
            #expect(try routes(scenario, "resume", route).exitCode == 0)
            try eventually("the worker says that too") { worker.hasLogged("a paused route is resumed") }
            try scenario.publish([Conversions.message("e2")])
            try scenario.waitForRequests(1)
            #expect(try scenario.tracker.requests().map(\.click) == ["e2"])
        }
    }

    @Test("what waits in a worker for its turn obeys a pause at once")
    func waiting() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.lanes"] = "1"
            // One every hundred seconds: without the pause it would take an hour.
            scenario.configuration["dispatch.rate"] = "0.01"
            let worker = try scenario.startWorker()
            try scenario.publish(Conversions.messages(40, prefix: "w"))
            try scenario.waitForRequests(1)
            try eventually("the rest waits") { try worker.metric("messages_unacknowledged") == 39 }
            let run = try routes(scenario, "pause", route)
            #expect(run.exitCode == 0, "\(run.errors)")
            #expect(try scenario.deadLetters(39).allSatisfy { $0.text("x-postback-reason") == "paused" })
            #expect(try scenario.tracker.total() == 1)
        }
    }

    @Test("without the stream the worker says so and works; the commands say what to do")
    func withoutStream() throws {
        try Scenario.run { scenario in
            scenario.configuration["broker.topology"] = "skip"
            try scenario.topology.declare(scenario.amqp())
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(1)
            try eventually("it says so") { worker.hasLogged("it is not known which routes are paused") }
            let run = try routes(scenario, "paused")
            #expect(run.exitCode == 1 && run.errors.contains("postback topology declare"))
        }
    }
}
