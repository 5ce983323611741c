import Testing

@testable import Telemetry

@Suite("The worker's metrics")
struct PostbackMetricsTests {
    private let registry = PrometheusRegistry()
    private let metrics: PostbackMetrics

    init() {
        metrics = PostbackMetrics(registry: registry, version: "1.2.3")
    }

    private func scrape() throws -> [ExpositionParser.Family] {
        var bytes: [UInt8] = []
        registry.text(into: &bytes)
        return try ExpositionParser.parse(bytes)
    }

    @Test(
        "have the names, types and labels of the contract",
        arguments: [
            ("events_total", "counter", ["outcome"]), ("deliveries_total", "counter", ["outcome"]),
            ("filtered_total", "counter", ["rule"]),
            ("attempts_total", "counter", ["status_class", "verdict"]), ("attempt_seconds", "histogram", []),
            ("delivery_age_seconds", "histogram", []), ("retries_total", "counter", []),
            ("dead_letters_total", "counter", ["reason"]), ("in_flight", "gauge", []),
            ("parked_total", "counter", ["cause"]), ("breakers_open", "gauge", []),
            ("connections_total", "counter", ["reused"]), ("broker_connected", "gauge", []),
            ("lane_turn_seconds_max", "gauge", []),
            ("route_table_entries", "gauge", []), ("route_reloads_total", "counter", ["result"]),
        ] as [(String, String, [String])]
    )
    func contract(name: String, type: String, labels: [String]) throws {
        let family = try #require(try scrape().first { $0.name == "postback_" + name })
        #expect(family.type == type)
        for sample in family.samples { #expect(sample.labels.keys.filter { $0 != "le" }.sorted() == labels) }
    }

    @Test("have a help text each, and no more series than their labels allow")
    func families() throws {
        let families = try scrape()
        #expect(families.allSatisfy { $0.help.count > 8 })
        #expect(families.flatMap(\.samples).count < 200)
        #expect(families.first { $0.name == "postback_attempts_total" }?.samples.count == 36)
        #expect(families.value("postback_build_info", ["version": "1.2.3"]) == 1)
    }

    /// The reasons of CONTRACT section 4.
    @Test(
        "count each dead letter under its reason",
        arguments: zip(
            PostbackMetrics.DeadLetterReason.allCases,
            [
                "invalid_event", "missing_token", "invalid_url", "blocked_destination", "rejected", "exhausted",
                "expired", "route_removed", "poison", "paused",
            ]
        )
    )
    func deadLetters(reason: PostbackMetrics.DeadLetterReason, label: String) throws {
        metrics.deadLetter(reason)
        #expect(try scrape().value("postback_dead_letters_total", ["reason": label]) == 1)
        #expect(PostbackMetrics.DeadLetterReason.allCases.count == 10)
    }

    @Test("count each attempt under its verdict and class", arguments: PostbackMetrics.Verdict.allCases)
    func attempts(verdict: PostbackMetrics.Verdict) throws {
        for (index, status) in [0, 100, 204, 302, 404, 599].enumerated() {
            for _ in 0...index {
                metrics.attempt(verdict: verdict, statusClass: .init(status: status), seconds: 0.25)
            }
        }
        let families = try scrape()
        for (index, label) in ["none", "1xx", "2xx", "3xx", "4xx", "5xx"].enumerated() {
            let labels = ["verdict": verdict.label, "status_class": label]
            #expect(families.value("postback_attempts_total", labels) == Double(index + 1))
        }
        #expect(families.value("postback_attempt_seconds_count") == 21)
        #expect(families.value("postback_attempt_seconds_sum") == 5.25)
        #expect(families.value("postback_attempt_seconds_bucket", ["le": "0.25"]) == 21)
        #expect(families.value("postback_attempt_seconds_bucket", ["le": "0.1"]) == 0)
    }

    @Test("take a status that is none as no answer", arguments: [-1, 0, 99, 600, Int.max, Int.min])
    func oddStatus(status: Int) {
        #expect(PostbackMetrics.StatusClass(status: status) == .none)
    }

    @Test("count each outcome under its own label")
    func outcomes() throws {
        for (index, outcome) in PostbackMetrics.EventOutcome.allCases.enumerated() {
            for _ in 0...index { metrics.event(outcome) }
        }
        for (index, outcome) in PostbackMetrics.DeliveryOutcome.allCases.enumerated() {
            for _ in 0...index { metrics.delivery(outcome) }
        }
        for (index, rule) in PostbackMetrics.FilterRule.allCases.enumerated() {
            for _ in 0...index { metrics.filter(rule) }
        }
        for (index, cause) in PostbackMetrics.ParkCause.allCases.enumerated() {
            for _ in 0...index { metrics.park(cause) }
        }
        for (index, result) in PostbackMetrics.ReloadResult.allCases.enumerated() {
            for _ in 0...index { metrics.routeReload(result) }
        }
        for (index, result) in PostbackMetrics.LookupResult.allCases.enumerated() {
            for _ in 0...index { metrics.lookup(result) }
        }
        let families = try scrape()
        for outcome in PostbackMetrics.EventOutcome.allCases {
            let value = families.value("postback_events_total", ["outcome": outcome.label])
            #expect(value == Double(outcome.rawValue + 1))
        }
        for outcome in PostbackMetrics.DeliveryOutcome.allCases {
            let value = families.value("postback_deliveries_total", ["outcome": outcome.label])
            #expect(value == Double(outcome.rawValue + 1))
        }
        for rule in PostbackMetrics.FilterRule.allCases {
            #expect(families.value("postback_filtered_total", ["rule": rule.label]) == Double(rule.rawValue + 1))
        }
        for cause in PostbackMetrics.ParkCause.allCases {
            #expect(families.value("postback_parked_total", ["cause": cause.label]) == Double(cause.rawValue + 1))
        }
        for result in PostbackMetrics.ReloadResult.allCases {
            let value = families.value("postback_route_reloads_total", ["result": result.label])
            #expect(value == Double(result.rawValue + 1))
        }
        for result in PostbackMetrics.LookupResult.allCases {
            let value = families.value("postback_dns_lookups_total", ["result": result.label])
            #expect(value == Double(result.rawValue + 1))
        }
    }

    @Test("count the rest where it belongs")
    func others() throws {
        metrics.delivery(.retried)
        metrics.connection(reused: true)
        metrics.connection(reused: true)
        metrics.connection(reused: false)
        metrics.resend(3)
        metrics.testDelivery()
        metrics.brokerReconnect()
        metrics.dropDeliveryRecords(4)
        metrics.deliveryAge(seconds: -5)
        metrics.inFlight.set(7)
        let families = try scrape()
        #expect(families.value("postback_retries_total") == 1)
        #expect(families.value("postback_connections_total", ["reused": "true"]) == 2)
        #expect(families.value("postback_connections_total", ["reused": "false"]) == 1)
        #expect(families.value("postback_resends_total") == 3)
        #expect(families.value("postback_test_deliveries_total") == 1)
        #expect(families.value("postback_broker_reconnects_total") == 1)
        #expect(families.value("postback_delivery_records_dropped_total") == 4)
        #expect(families.value("postback_delivery_age_seconds_sum") == 0)
        #expect(families.value("postback_delivery_age_seconds_count") == 1)
        #expect(families.value("postback_in_flight") == 7)
        #expect(families.value("postback_metrics_refused_total", ["cause": "name_taken"]) == 0)
    }

    @Test("sum exactly when four threads count at once while scrapes are taken")
    func concurrent() async throws {
        let rounds = 50_000
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { [metrics] in
                    for _ in 0..<rounds {
                        metrics.attempt(verdict: .delivered, statusClass: .success, seconds: 0.5)
                        metrics.event(.delivered)
                        metrics.resend()
                        metrics.inFlight.increment(by: 1)
                    }
                }
            }
            group.addTask { [registry] in
                for _ in 0..<100 {
                    var bytes: [UInt8] = []
                    registry.text(into: &bytes)
                    #expect(throws: Never.self) { _ = try ExpositionParser.parse(bytes) }
                }
            }
        }
        let total = Double(4 * rounds)
        let families = try scrape()
        #expect(
            families.value("postback_attempts_total", ["verdict": "delivered", "status_class": "2xx"]) == total
        )
        #expect(families.value("postback_events_total", ["outcome": "delivered"]) == total)
        #expect(families.value("postback_attempt_seconds_count") == total)
        #expect(families.value("postback_attempt_seconds_sum") == total / 2)
        #expect(families.value("postback_resends_total") == total)
        #expect(families.value("postback_in_flight") == total)
    }

    @Test("know the process they run in")
    func process() throws {
        let start = WallTime.now().milliseconds / 1000
        ProcessMetrics(registry: registry)
        let families = try scrape()
        #expect(families.value("process_resident_memory_bytes") ?? 0 > 1_048_576)
        #expect(families.value("process_virtual_memory_bytes") ?? 0 > 1_048_576)
        #expect(families.value("process_open_fds") ?? 0 >= 3)
        #expect(families.value("process_max_fds") ?? 0 >= 64)
        #expect(families.value("process_cpu_seconds_total") ?? 0 > 0)
        let started = families.value("process_start_time_seconds") ?? 0
        #expect(started > 1_500_000_000 && started < Double(start + 2))
    }

    @Test("read the kernel's line whatever the command is called")
    func stat() {
        let numbers = (3...52).map { $0 == 3 ? "S" : "\($0)" }.joined(separator: " ")
        let stat = ProcessStat(Array("17 (a) b (c)) \(numbers)\n".utf8))
        #expect(stat?.processorTicks == 29)
        #expect(stat?.startTicks == 22)
        #expect(stat?.virtualBytes == 23)
        #expect(stat?.residentPages == 24)
        #expect(ProcessStat([]) == nil)
        #expect(ProcessStat(Array("17 (a) S 1 2".utf8)) == nil)
    }
}
