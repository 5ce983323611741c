import TestSupport
import Testing

/// How many requests are under way at a time, as the tracker saw them.
@Suite(.light, .timeLimit(Patience.limit))
struct BoundsTests {
    /// How long the tracker takes over each request, in seconds; less the precision of its clock and its timer.
    private static let delay = 0.2 - 0.004

    @Test("dispatch.per_host bounds what is under way to one host, and is made use of")
    func perHost() throws {
        try measure(events: 60, ["dispatch.per_host": "5", "dispatch.lanes": "1"]) { most in
            #expect(most == 5)
        }
    }

    @Test("dispatch.concurrency bounds what is under way in all, and is made use of")
    func concurrency() throws {
        let settings = ["dispatch.per_host": "50", "dispatch.concurrency": "7", "dispatch.lanes": "1"]
        try measure(events: 60, hosts: 4, settings) { most in
            #expect(most == 7)
        }
    }

    @Test("two lanes deliver all, each event once, and share the bounds between them")
    func lanes() throws {
        try measure(events: 200, ["dispatch.per_host": "10", "dispatch.lanes": "2", "broker.prefetch": "30"]) { most in
            // So few prefetched that both lanes get some; how many is the broker's choice.
            #expect(most <= 10)
            #expect(most > 5)
        }
    }

    @Test("two lanes share dispatch.concurrency between them")
    func concurrencyOfLanes() throws {
        let settings = ["dispatch.concurrency": "12", "dispatch.lanes": "2", "broker.prefetch": "30"]
        try measure(events: 200, hosts: 4, settings) { most in
            #expect(most <= 12)
            #expect(most > 6)
        }
    }

    /// - Parameter hosts: under how many names of its own the tracker is called.
    private func measure(
        events: Int,
        hosts: Int = 1,
        _ settings: [String: String],
        _ check: (Int) -> Void
    ) throws {
        try Scenario.run { scenario in
            for (key, value) in settings { scenario.configuration[key] = value }
            var trackers = [scenario.tracker]
            for _ in 1..<hosts { trackers.append(try TrackerUnderTest(in: scenario.folder)) }
            defer { for tracker in trackers.dropFirst() { tracker.stop() } }
            var routes: [String: String] = [:]
            for (index, tracker) in trackers.enumerated() {
                routes["\(index)"] = Scenario.global("\(tracker.origin)/delay/200ms?cid={{click_id}}")
            }
            try scenario.writeRoutes(routes)
            try scenario.topology.declare(scenario.amqp())
            try scenario.publish((0..<events).map { Conversions.message("e\($0)", publisher: "\($0 % hosts)") })
            let worker = try scenario.startWorker()
            try eventually("all are delivered", within: 40) {
                try worker.metric(#"events_total{outcome="delivered"}"#) == events
            }
            let requests = try trackers.flatMap { try $0.requests() }
            #expect(requests.count == events)
            #expect(Set(requests.map(\.click)).count == events)
            check(Self.mostAtOnce(requests))
        }
    }

    /// A request is under way at least from its arrival until the tracker answers.
    private static func mostAtOnce(_ requests: [TrackerUnderTest.Request]) -> Int {
        var changes: [(time: Double, by: Int)] = []
        for request in requests {
            changes.append((request.time, 1))
            changes.append((request.time + delay, -1))
        }
        // An end before a beginning of the same moment.
        changes.sort { $0.time == $1.time ? $0.by < $1.by : $0.time < $1.time }
        var now = 0
        var most = 0
        for change in changes {
            now += change.by
            most = max(most, now)
        }
        return most
    }
}
