import TestSupport
import Testing

/// CONTRACT section 5, row by row, with answers of a real HTTP server.
@Suite(.light, .timeLimit(Patience.limit))
struct VerdictTests {
    @Test("200, 201, 204 and 299 are delivered: one request each, nothing left behind")
    func delivered() throws {
        try Scenario.run { scenario in
            try scenario.writeRoutes(routes(for: [200, 201, 204, 299]))
            let worker = try scenario.startWorker()
            try scenario.publish([200, 201, 204, 299].map { Conversions.message("e\($0)", publisher: "\($0)") })
            try eventually("all are counted as delivered") {
                try worker.metric(#"events_total{outcome="delivered"}"#) == 4
            }
            #expect(try worker.metric(#"attempts_total{status_class="2xx",verdict="delivered"}"#) == 4)
            #expect(worker.stop() == 0)
            #expect(try scenario.tracker.requests().map(\.click).sorted() == ["e200", "e201", "e204", "e299"])
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions)?.ready == 0)
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
        }
    }

    @Test("302, 304, 400, 401, 404 and 410 are rejected at once: one request, then a dead letter")
    func rejected() throws {
        let statuses = [302, 304, 400, 401, 404, 410]
        try Scenario.run { scenario in
            try scenario.writeRoutes(routes(for: statuses))
            let worker = try scenario.startWorker()
            try scenario.publish(statuses.map { Conversions.message("e\($0)", publisher: "\($0)") })
            let letters = try scenario.deadLetters(statuses.count)
            #expect(Set(letters.map { $0.text("x-postback-reason") }) == ["rejected"])
            #expect(letters.compactMap { $0.number("x-postback-last-status") }.sorted() == statuses.map { Int64($0) })
            #expect(letters.allSatisfy { $0.number("x-postback-attempt") == 1 })
            #expect(try worker.metric(#"dead_letters_total{reason="rejected"}"#) == statuses.count)
            #expect(try worker.metric(#"attempts_total{status_class="4xx",verdict="rejected"}"#) == 4)
            #expect(try scenario.tracker.total() == statuses.count)
        }
    }

    @Test("408, 425, 429, 500, 502, 503 and 599 are tried again, and delivered when the tracker has recovered")
    func retriedAnswers() throws {
        let statuses = [408, 425, 429, 500, 502, 503, 599]
        try Scenario.run { scenario in
            scenario.configuration["retry.first_delay"] = "8s"
            try scenario.writeRoutes(routes(for: statuses))
            let worker = try scenario.startWorker()
            try scenario.publish(statuses.map { Conversions.message("e\($0)", publisher: "\($0)") })
            try scenario.waitForRequests(statuses.count)
            try scenario.writeRoutes(routes(for: statuses, recovered: true))
            try eventually("the recovered routes are in force") {
                try worker.metric(#"route_reloads_total{result="loaded"}"#) == 1
            }
            try eventually("all are delivered") {
                try worker.metric(#"deliveries_total{outcome="delivered"}"#) == statuses.count
            }
            #expect(try worker.metric("retries_total") == statuses.count)
            #expect(try worker.metric(#"attempts_total{status_class="4xx",verdict="retry"}"#) == 3)
            #expect(try worker.metric(#"attempts_total{status_class="5xx",verdict="retry"}"#) == 4)
            #expect(try scenario.tracker.total() == 2 * statuses.count)
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
        }
    }

    @Test("a refused connection is tried again, and delivered once somebody listens")
    func refusedThenListening() throws {
        let port = try ClosedPort()
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "1000"
            try scenario.writeRoutes(["1": Scenario.global("http://127.0.0.1:\(port.number)/pb?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1")])
            try eventually("the first attempt failed") { try worker.metric("retries_total") >= 1 }
            let tracker = try TrackerUnderTest(in: scenario.folder, port: port.number)
            defer { tracker.stop() }
            try eventually("it is delivered") { try tracker.total() == 1 }
            try eventually("it is counted") { try worker.metric(#"deliveries_total{outcome="delivered"}"#) == 1 }
        }
    }

    @Test("refused, unresolvable, reset, closed, too slow and garbled are tried again until the attempts are used up")
    func failures() throws {
        let port = try ClosedPort()
        // RFC 7686: no resolver asks anybody about .onion, so this name never exists, with or without a network.
        let cases: [(name: String, url: String, isUnknown: Bool)] = [
            ("refused", "http://127.0.0.1:\(port.number)/pb?cid={{click_id}}", false),
            ("unresolvable", "http://nope.onion/pb?cid={{click_id}}", false),
            ("reset", "TRACKER/reset?cid={{click_id}}", true), ("closed", "TRACKER/close?cid={{click_id}}", true),
            ("slow", "TRACKER/hang?cid={{click_id}}", true), ("garbled", "TRACKER/garbage?cid={{click_id}}", true),
        ]
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "2"
            // Long enough for a request to be sent, whatever else the machine does.
            var routes = Dictionary(uniqueKeysWithValues: cases.map { ($0.name, Scenario.global($0.url)) })
            routes["slow"] = "{ global: { url: \"TRACKER/hang?cid={{click_id}}\", timeout: 3s } }"
            try scenario.writeRoutes(routes)
            let worker = try scenario.startWorker()
            try scenario.publish(cases.map { Conversions.message($0.name, publisher: $0.name) })
            let letters = try scenario.deadLetters(cases.count, within: 30)
            for (name, _, isUnknown) in cases {
                let letter = try #require(letters.first { $0.text.contains(#""id":"\#(name)""#) }, "\(name)")
                #expect(letter.text("x-postback-reason") == "exhausted", "\(name)")
                #expect(letter.number("x-postback-attempt") == 2, "\(name)")
                #expect(letter.headers?["x-postback-last-status"] == nil, "\(name)")
                let error = try #require(letter.text("x-postback-last-error"), "\(name)")
                #expect(error.contains("unknown_outcome") == isUnknown, "\(name): \(error)")
            }
            #expect(try worker.metric(#"attempts_total{status_class="none",verdict="unknown_outcome"}"#) == 8)
            #expect(try worker.metric(#"attempts_total{status_class="none",verdict="retry"}"#) == 4)
            #expect(try worker.metric(#"dead_letters_total{reason="exhausted"}"#) == cases.count)
            // Four of the six reach the tracker, twice each.
            #expect(try scenario.tracker.total() == 8)
        }
    }

    @Test("a private address that nobody allowed is never connected to, by number or by name")
    func blocked() throws {
        try Scenario.run { scenario in
            scenario.configuration["egress.allow_private"] = "false"
            let port = scenario.tracker.port
            try scenario.writeRoutes([
                "1": Scenario.global("http://127.0.0.1:\(port)/pb?cid={{click_id}}"),
                "2": Scenario.global("http://localhost:\(port)/pb?cid={{click_id}}"),
                "3": Scenario.global("http://[::1]:\(port)/pb?cid={{click_id}}"),
            ])
            let worker = try scenario.startWorker()
            try scenario.publish(["1", "2", "3"].map { Conversions.message("e\($0)", publisher: $0) })
            let letters = try scenario.deadLetters(3)
            #expect(Set(letters.map { $0.text("x-postback-reason") }) == ["blocked_destination"])
            #expect(
                letters.allSatisfy {
                    $0.text("x-postback-last-error")?.contains("loopback") == true
                        || $0.text("x-postback-last-error")?.contains("reserved") == true
                }
            )
            #expect(try worker.metric(#"dead_letters_total{reason="blocked_destination"}"#) == 3)
            #expect(try scenario.tracker.total() == 0)
        }
    }

    private func routes(for statuses: [Int], recovered: Bool = false) -> [String: String] {
        let path = recovered ? "ok" : "status"
        return Dictionary(
            uniqueKeysWithValues: statuses.map {
                ("\($0)", Scenario.global("TRACKER/\(path)/\($0)?cid={{click_id}}"))
            }
        )
    }
}
