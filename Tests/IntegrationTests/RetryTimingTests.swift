import Foundation
import TestSupport
import Testing

/// When a retry comes, by the tracker's clock. The promise: never early, late by at most a second or a tenth; beyond
/// what this machine takes over conversions without a delay.
@Suite(.whole, .timeLimit(Patience.limit))
struct RetryTimingTests {
    /// The worker takes a message that is this near to its time for due (`DelayLadder.tolerance`).
    private static let tolerance = 0.05

    /// Conversions without a delay, published while others have theirs.
    private struct Prompt {
        static let publisher = "prompt"
        static let route = Scenario.global("TRACKER/prompt?cid={{click_id}}")
        private var published: [Double] = []

        /// Publishes one, four times a second at most.
        mutating func publish(_ scenario: Scenario) throws {
            let now = Date().timeIntervalSince1970
            if now - (published.last ?? 0) < 0.25 { return }
            try scenario.publish([Conversions.message("\(published.count)", publisher: Self.publisher)])
            published.append(now)
        }

        /// How many seconds the slowest took from being published to the tracker.
        func slowest(_ scenario: Scenario) throws -> Double {
            var times: [Double] = []
            try eventually("all that is prompt has arrived") {
                let requests = try scenario.tracker.requests(path: "/prompt")
                times = requests.compactMap { request in
                    Int(request.click).map { request.time - published[$0] }
                }
                return times.count >= published.count
            }
            return times.max() ?? 0
        }
    }

    @Test("the delay ladder keeps 1, 2, 3, 5, 7 and 10 seconds, asked for with Retry-After in seconds")
    func ladder() throws {
        let delays = [1, 2, 3, 5, 7, 10]
        try Scenario.run { scenario in
            scenario.configuration["retry.first_delay"] = "100ms"
            // A host each: its Retry-After holds for all that goes there.
            let trackers = try delays.map { _ in try TrackerUnderTest(in: scenario.folder) }
            defer { for tracker in trackers { tracker.stop() } }
            var routes: [String: String] = [:]
            for (delay, tracker) in zip(delays, trackers) {
                routes["\(delay)"] = Scenario.global(
                    "\(tracker.origin)/fail-first/1/retry-after/\(delay)?cid={{click_id}}"
                )
            }
            routes[Prompt.publisher] = Prompt.route
            try scenario.writeRoutes(routes)
            _ = try scenario.startWorker()
            try scenario.publish(delays.map { Conversions.message("e\($0)", publisher: "\($0)") })
            var prompt = Prompt()
            try eventually("two requests each", within: 30) {
                try prompt.publish(scenario)
                return try trackers.reduce(0) { try $0 + $1.total() } >= 2 * delays.count
            }
            let slowest = try prompt.slowest(scenario)
            let requests = try trackers.flatMap { try $0.requests() }
            var measured = [String(format: "prompt within %.3f s", slowest)]
            for delay in delays {
                let times = requests.filter { $0.click == "e\(delay)" }.map(\.time)
                try #require(times.count == 2)
                let late = times[1] - times[0] - Double(delay)
                measured.append("\(delay) s: \(String(format: "%+.3f", late)) s")
                #expect(late >= -Self.tolerance, "\(delay) s came \(-late) s early")
                #expect(late <= max(1, Double(delay) / 10) + slowest, "\(delay) s came \(late) s late")
            }
            print("ladder: \(measured.joined(separator: ", "))")
        }
    }

    @Test("a Retry-After date is kept, and one that is sooner than our own delay changes nothing")
    func date() throws {
        try Scenario.run { scenario in
            scenario.configuration["retry.first_delay"] = "2s"
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/fail-first/1?retry_after=date:4&cid={{click_id}}"),
                // Another host by its name: the pause of the first does not hold for it.
                "2": Scenario.global(
                    scenario.tracker.origin.replacingOccurrences(of: "127.0.0.1", with: "localhost")
                        + "/fail-first/1/retry-after/0?cid={{click_id}}"
                ),
                Prompt.publisher: Prompt.route,
            ])
            _ = try scenario.startWorker()
            try scenario.publish([Conversions.message("dated"), Conversions.message("sooner", publisher: "2")])
            var prompt = Prompt()
            var requests: [TrackerUnderTest.Request] = []
            try eventually("two requests each") {
                try prompt.publish(scenario)
                requests = try scenario.tracker.requests(path: "/fail-first")
                return requests.count == 4
            }
            let slowest = try prompt.slowest(scenario)
            let dated = requests.filter { $0.click == "dated" }.map(\.time)
            // The date has whole seconds.
            let due = (dated[0] + 4).rounded(.down)
            print(
                "ladder: a date \(String(format: "%.3f", due - dated[0])) s ahead: \(String(format: "%+.3f", dated[1] - due)) s"
            )
            #expect(dated[1] >= due - Self.tolerance)
            #expect(dated[1] <= due + 1 + slowest)
            let sooner = requests.filter { $0.click == "sooner" }.map(\.time)
            #expect(sooner[1] - sooner[0] >= 2 - Self.tolerance)
            #expect(sooner[1] - sooner[0] <= 3 + slowest)
        }
    }

    @Test("a message published by hand with a time in the future is not sent before it")
    func notBefore() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes([
                "1": Scenario.global("TRACKER/pb?cid={{click_id}}"), Prompt.publisher: Prompt.route,
            ])
            let worker = try scenario.startWorker()
            let due = Date().addingTimeInterval(5)
            let text = due.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            var message = Conversions.message("later")
            message.headers = [AMQPField("x-postback-not-before", .text(text))]
            try scenario.publish([message, Conversions.message("now")])
            var prompt = Prompt()
            var requests: [TrackerUnderTest.Request] = []
            try eventually("both have arrived") {
                try prompt.publish(scenario)
                requests = try scenario.tracker.requests(path: "/pb")
                return requests.count == 2
            }
            let slowest = try prompt.slowest(scenario)
            #expect(requests.map(\.click) == ["now", "later"])
            #expect(requests[1].time >= due.timeIntervalSince1970 - Self.tolerance)
            #expect(requests[1].time <= due.timeIntervalSince1970 + 1 + slowest)
            #expect(try worker.metric(#"parked_total{cause="not_before"}"#) >= 1)
        }
    }
}
