import Glibc
import TestSupport
import Testing

/// Workers that end in the middle of their work.
@Suite(.heavy, .timeLimit(.minutes(20)))
struct CrashTests {
    @Test("after kill -9 in the middle of 10,000 events each arrives, and at most the prefetched ones arrive twice")
    func killed() throws {
        try Scenario.run { scenario in
            let prefetch = 500
            scenario.configuration["broker.prefetch"] = "\(prefetch)"
            scenario.configuration["dispatch.lanes"] = "1"
            try scenario.topology.declare(scenario.amqp())
            try scenario.publish(Conversions.messages(10_000, prefix: "e"))
            let first = try scenario.startWorker()
            try scenario.waitForRequests(4000, within: 60)
            first.kill9()
            let seen = try scenario.tracker.total()
            #expect(seen < 10_000, "the kill came too late to mean anything")
            let second = try scenario.startWorker()
            try eventually("all have arrived", within: 90, state: { try scenario.tracker.total() }) {
                try scenario.tracker.total() >= 10_000 && second.metric("messages_unacknowledged") == 0
                    && scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0
            }
            #expect(second.stop() == 0)
            let clicks = try scenario.tracker.requests().map(\.click)
            #expect(Set(clicks) == Set((0..<10_000).map { "e-\($0)" }))
            print("kill -9: \(seen) had arrived, \(clicks.count - 10_000) arrived twice, prefetch \(prefetch)")
            #expect(clicks.count - 10_000 <= prefetch)
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
        }
    }

    @Test("kill -9 while messages are being handed to the ladder and the dead letters loses none of them")
    func killedWhileHandingOff() throws {
        try Scenario.run { scenario in
            scenario.configuration["broker.prefetch"] = "200"
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/fail-first/1?cid={{click_id}}"),
                "2": Scenario.global("TRACKER/status/404?cid={{click_id}}"),
            ])
            try scenario.topology.declare(scenario.amqp())
            let mixed = (0..<1500).flatMap {
                [Conversions.message("a-\($0)"), Conversions.message("b-\($0)", publisher: "2")]
            }
            try scenario.publish(mixed)
            for requests in [500, 1000, 1500] {
                let worker = try scenario.startWorker()
                try scenario.waitForRequests(requests, within: 60)
                worker.kill9()
            }
            let last = try scenario.startWorker()
            var letters: [TestMessage] = []
            try eventually("all are over", within: 90, state: { "\(letters.count) dead letters" }) {
                letters += try scenario.amqp().drain(scenario.topology.deadLetters)
                let isEmpty = try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0
                let isIdle = try TestTopology.rungs.prefix(2).allSatisfy {
                    try scenario.amqp().depth(of: scenario.topology.retry($0))?.ready == 0
                }
                return try isEmpty && isIdle && last.metric("messages_unacknowledged") == 0 && letters.count >= 1500
            }
            let dead = Set(letters.compactMap { $0.text.split(separator: "\"").first { $0.hasPrefix("b-") } })
            #expect(dead.count == 1500)
            let delivered = try scenario.tracker.requests().filter { $0.status == 200 }.map(\.click)
            #expect(Set(delivered) == Set((0..<1500).map { "a-\($0)" }))
        }
    }

    @Test("SIGTERM under traffic drains within its time and exits 0; nothing is lost and nothing doubled")
    func drained() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/delay/100ms?cid={{click_id}}")])
            let first = try scenario.startWorker()
            try scenario.publish(Conversions.messages(2000, prefix: "e"))
            try scenario.waitForRequests(500)
            let watch = Stopwatch()
            #expect(first.stop() == 0)
            #expect(watch.seconds < 10)
            #expect(first.hasLogged("draining"))
            #expect(first.hasLogged("stopped"))
            let seen = try scenario.tracker.total()
            #expect(seen < 2000, "the signal came too late to mean anything")
            // The broker takes back what a connection held a moment after it is gone.
            try eventually("what was not sent is back") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 2000 - seen
            }

            let second = try scenario.startWorker()
            try scenario.waitForRequests(2000, within: 30)
            #expect(second.stop() == 0)
            let clicks = try scenario.tracker.requests().map(\.click)
            #expect(clicks.count == 2000)
            #expect(Set(clicks).count == 2000)
        }
    }

    @Test("SIGINT drains as SIGTERM does")
    func interrupted() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            worker.signal(SIGINT)
            #expect(worker.waitForEnd(within: 10) == .exited(0))
        }
    }

    @Test("a second signal ends a draining worker at once with exit code 1, and the broker has the messages back")
    func secondSignal() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.timeout"] = "30s"
            scenario.configuration["shutdown.drain"] = "30s"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/delay/20s?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish(Conversions.messages(20, prefix: "e"))
            try scenario.waitForRequests(20)
            worker.signal(SIGTERM)
            try eventually("it drains") { worker.hasLogged("draining") }
            #expect(worker.waitForEnd(within: 1) == nil)
            let watch = Stopwatch()
            worker.signal(SIGTERM)
            #expect(worker.waitForEnd(within: 10) == .exited(1))
            #expect(watch.seconds < 3)
            try eventually("the messages are back") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 20
            }
        }
    }

    @Test("when the time to drain is over the worker exits 0, and what was under way is back in the queue")
    func drainOver() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.timeout"] = "30s"
            scenario.configuration["shutdown.drain"] = "1s"
            scenario.configuration["dispatch.per_host"] = "10"
            scenario.configuration["dispatch.lanes"] = "1"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/delay/20s?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish(Conversions.messages(30, prefix: "e"))
            try scenario.waitForRequests(10)
            let watch = Stopwatch()
            #expect(worker.stop() == 0)
            #expect(watch.seconds < 5)
            #expect(worker.hasLogged("the time to drain is over"))
            try eventually("the messages are back") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 30
            }
            #expect(try scenario.tracker.total() == 10)
        }
    }
}
