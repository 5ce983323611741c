import Glibc
import TestSupport
import Testing

/// Workers that end in the middle of their work.
@Suite(.heavy, .timeLimit(Patience.limit))
struct CrashTests {
    @Test("after kill -9 in the middle of 10,000 events each arrives, and at most the prefetched ones arrive twice")
    func killed() throws {
        try Scenario.run { scenario in
            let prefetch = 500
            scenario.configuration["broker.prefetch"] = "\(prefetch)"
            scenario.configuration["dispatch.lanes"] = "1"
            // Five seconds at least: time to kill it in the middle.
            scenario.configuration["dispatch.rate"] = "2000"
            try scenario.topology.declare(scenario.amqp())
            try scenario.publish(Conversions.messages(10_000, prefix: "e"))
            let first = try scenario.startWorker()
            try scenario.waitForRequests(1000, within: 60)
            first.kill9()
            let seen = try scenario.tracker.total()
            #expect(seen < 10_000, "the kill came too late to mean anything")
            let second = try scenario.startWorker()
            try eventually("all have arrived", within: 90, state: { try scenario.tracker.total() }) {
                try scenario.tracker.total() >= 10_000 && second.metric("messages_unacknowledged") == 0
                    && scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0
                    && Set(scenario.tracker.requests().map(\.click)).count == 10_000
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
            // By what has arrived: a message between two queues is in neither for a moment.
            let wanted = Set((0..<1500).map { "a-\($0)" })
            var dead: Set<Substring> = []
            var delivered: Set<String> = []
            try eventually(
                "all are over",
                within: 90,
                state: { "\(letters.count) dead letters, \(delivered.count) delivered" }
            ) {
                letters += try scenario.amqp().drain(scenario.topology.deadLetters)
                dead = Set(letters.compactMap { $0.text.split(separator: "\"").first { $0.hasPrefix("b-") } })
                if try dead.count < 1500 || last.metric("messages_unacknowledged") > 0 { return false }
                delivered = Set(try scenario.tracker.requests().filter { $0.status == 200 }.map(\.click))
                return delivered.isSuperset(of: wanted)
            }
            #expect(dead.count == 1500)
            #expect(delivered == wanted)
        }
    }

    @Test("SIGTERM under traffic drains within its time and exits 0; nothing is lost and nothing doubled")
    func drained() throws {
        try Scenario.run { scenario in
            // Six seconds at least, and more room than they take: none goes to the ladder meanwhile.
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/delay/150ms?cid={{click_id}}")])
            scenario.configuration["broker.prefetch"] = "5000"
            let first = try scenario.startWorker()
            try scenario.publish(Conversions.messages(2000, prefix: "e"))
            try scenario.waitForRequests(300)
            let watch = Stopwatch()
            #expect(first.stop() == 0)
            #expect(watch.seconds < 60)
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
            scenario.configuration["dispatch.timeout"] = "10m"
            scenario.configuration["shutdown.drain"] = "10m"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/hang?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish(Conversions.messages(20, prefix: "e"))
            try scenario.waitForRequests(20)
            worker.signal(SIGTERM)
            try eventually("it drains") { worker.hasLogged("draining") }
            #expect(worker.runs(for: 1))
            worker.signal(SIGTERM)
            #expect(worker.waitForEnd(within: 10) == .exited(1))
            try eventually("the messages are back") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 20
            }
        }
    }

    @Test("when the time to drain is over the worker exits 0, and what was under way is back in the queue")
    func drainOver() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.timeout"] = "10m"
            scenario.configuration["shutdown.drain"] = "1s"
            scenario.configuration["dispatch.per_host"] = "10"
            scenario.configuration["dispatch.lanes"] = "1"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/hang?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish(Conversions.messages(30, prefix: "e"))
            try scenario.waitForRequests(10)
            #expect(worker.stop() == 0)
            #expect(worker.hasLogged("the time to drain is over"))
            try eventually("the messages are back") {
                try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 30
            }
            #expect(try scenario.tracker.total() == 10)
        }
    }
}
