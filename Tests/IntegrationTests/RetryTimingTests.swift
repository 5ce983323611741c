import Foundation
import TestSupport
import Testing

/// When a retry comes, by the tracker's clock. The promise: never early, late by at most a second or a tenth.
@Suite(.whole, .timeLimit(.minutes(20)))
struct RetryTimingTests {
    /// The worker takes a message that is this near to its time for due (`DelayLadder.tolerance`).
    private static let tolerance = 0.05

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
            try scenario.writeRoutes(routes)
            _ = try scenario.startWorker()
            try scenario.publish(delays.map { Conversions.message("e\($0)", publisher: "\($0)") })
            try eventually("two requests each", within: 30) {
                try trackers.reduce(0) { try $0 + $1.total() } >= 2 * delays.count
            }
            let requests = try trackers.flatMap { try $0.requests() }
            var measured: [String] = []
            for delay in delays {
                let times = requests.filter { $0.click == "e\(delay)" }.map(\.time)
                try #require(times.count == 2)
                let late = times[1] - times[0] - Double(delay)
                measured.append("\(delay) s: \(String(format: "%+.3f", late)) s")
                #expect(late >= -Self.tolerance, "\(delay) s came \(-late) s early")
                #expect(late <= max(1, Double(delay) / 10), "\(delay) s came \(late) s late")
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
            ])
            _ = try scenario.startWorker()
            try scenario.publish([Conversions.message("dated"), Conversions.message("sooner", publisher: "2")])
            try scenario.waitForRequests(4)
            let requests = try scenario.tracker.requests()
            let dated = requests.filter { $0.click == "dated" }.map(\.time)
            // The date has whole seconds.
            let due = (dated[0] + 4).rounded(.down)
            print(
                "ladder: a date \(String(format: "%.3f", due - dated[0])) s ahead: \(String(format: "%+.3f", dated[1] - due)) s"
            )
            #expect(dated[1] >= due - Self.tolerance)
            #expect(dated[1] <= due + 1)
            let sooner = requests.filter { $0.click == "sooner" }.map(\.time)
            #expect(sooner[1] - sooner[0] >= 2 - Self.tolerance)
            #expect(sooner[1] - sooner[0] <= 3)
        }
    }

    @Test("a message published by hand with a time in the future is not sent before it")
    func notBefore() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            let due = Date().addingTimeInterval(3)
            let text = due.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            var message = Conversions.message("later")
            message.headers = [AMQPField("x-postback-not-before", .text(text))]
            try scenario.publish([message, Conversions.message("now")])
            try scenario.waitForRequests(2)
            let requests = try scenario.tracker.requests()
            #expect(requests.map(\.click) == ["now", "later"])
            #expect(requests[1].time >= due.timeIntervalSince1970 - Self.tolerance)
            #expect(requests[1].time <= due.timeIntervalSince1970 + 1)
            #expect(try worker.metric(#"parked_total{cause="not_before"}"#) >= 1)
        }
    }
}
