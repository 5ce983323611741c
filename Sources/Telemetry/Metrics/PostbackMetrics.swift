/// The worker's metrics (CONTRACT section 7), made once at the start.
///
/// Every method is safe from any thread, takes no lock and allocates nothing: it adds to a cell by index.
package final class PostbackMetrics: Sendable {
    private let events: CounterVector
    private let filtered: CounterVector
    private let deliveries: CounterVector
    private let attempts: CounterVector
    private let attemptSeconds: PrometheusHistogram
    private let deliveryAgeSeconds: PrometheusHistogram
    private let retries: PrometheusCounter
    private let deadLetters: CounterVector
    private let parked: CounterVector
    private let connections: CounterVector
    private let routeReloads: CounterVector
    private let resends: PrometheusCounter
    private let testDeliveries: PrometheusCounter
    private let lookups: CounterVector
    private let brokerReconnects: PrometheusCounter
    private let deliveryRecordsDropped: PrometheusCounter
    private let deliveryRecordsWritten: PrometheusCounter

    /// Attempts under way now.
    package let inFlight: PrometheusGauge
    /// Destination hosts whose breaker is open now.
    package let breakersOpen: PrometheusGauge
    /// 1 while the broker connection is up, else 0.
    package let brokerConnected: PrometheusGauge
    /// 1 while the broker has blocked publishing (memory or disk alarm), else 0.
    package let brokerBlocked: PrometheusGauge
    /// Postbacks in the route table in force.
    package let routeTableEntries: PrometheusGauge
    /// Messages published whose confirmation has not come yet.
    package let publisherUnconfirmed: PrometheusGauge
    /// Messages taken from the queue and not settled yet.
    package let messagesUnacknowledged: PrometheusGauge
    /// Deliveries taken from the queue that wait for their turn at their destination.
    package let backlog: PrometheusGauge
    /// Seconds of the longest turn of a lane's loop within the last one to two minutes.
    package let laneTurnSecondsMax: PrometheusGauge

    /// Registers all of them; `version` becomes the label of `postback_build_info`.
    package init(registry: PrometheusRegistry, version: String) {
        func counters<Label: MetricLabel>(
            _ name: String,
            _ label: String,
            _: Label.Type,
            _ help: String
        ) -> CounterVector {
            registry.counters("postback_" + name, help, labels: Label.allCases.map { [(label, $0.label)] })
        }
        func counter(_ name: String, _ help: String) -> PrometheusCounter {
            registry.counter("postback_" + name, help)
        }
        func gauge(_ name: String, _ help: String) -> PrometheusGauge {
            registry.gauge("postback_" + name, help)
        }

        events = counters("events_total", "outcome", EventOutcome.self, "Conversion events settled, by outcome.")
        filtered = counters("filtered_total", "rule", FilterRule.self, "Postbacks not sent, by the rule that says so.")
        deliveries = counters("deliveries_total", "outcome", DeliveryOutcome.self, "Deliveries settled, by outcome.")
        attempts = registry.counters(
            "postback_attempts_total",
            "HTTP attempts, by verdict and class of the answer's status.",
            labels: Verdict.allCases.flatMap { verdict in
                StatusClass.allCases.map { [("verdict", verdict.label), ("status_class", $0.label)] }
            }
        )
        attemptSeconds = registry.histogram(
            "postback_attempt_seconds",
            "Duration of an HTTP attempt in seconds.",
            buckets: .attempt
        )
        deliveryAgeSeconds = registry.histogram(
            "postback_delivery_age_seconds",
            "Seconds from the conversion (occurred_at) to its delivery.",
            buckets: .age
        )
        retries = counter("retries_total", "Deliveries put on the retry ladder after an attempt.")
        deadLetters = counters("dead_letters_total", "reason", DeadLetterReason.self, "Dead letters, by reason.")
        parked = counters(
            "parked_total",
            "cause",
            ParkCause.self,
            "Deliveries put on the retry ladder without an attempt, by cause."
        )
        connections = registry.counters(
            "postback_connections_total",
            "Attempts by whether they went over a kept-alive connection.",
            labels: [[("reused", "false")], [("reused", "true")]]
        )
        routeReloads = counters("route_reloads_total", "result", ReloadResult.self, "Route file loads, by result.")
        resends = counter("resends_total", "Requests libcurl sent again by itself on a dead kept-alive connection.")
        testDeliveries = counter("test_deliveries_total", "Deliveries of test conversions.")
        lookups = counters("dns_lookups_total", "result", LookupResult.self, "Host name lookups, by result.")
        brokerReconnects = counter("broker_reconnects_total", "Broker connections made after the first.")
        deliveryRecordsDropped = counter(
            "delivery_records_dropped_total",
            "Records that did not get into the delivery log."
        )
        deliveryRecordsWritten = counter(
            "delivery_records_written_total",
            "Records of the delivery log that the broker has confirmed."
        )
        inFlight = gauge("in_flight", "HTTP attempts under way.")
        breakersOpen = gauge("breakers_open", "Destination hosts whose breaker is open.")
        brokerConnected = gauge("broker_connected", "1 while the broker connection is up.")
        brokerBlocked = gauge("broker_blocked", "1 while the broker has blocked publishing.")
        routeTableEntries = gauge("route_table_entries", "Postbacks in the route table in force.")
        publisherUnconfirmed = gauge("publisher_unconfirmed", "Messages published and not confirmed yet.")
        messagesUnacknowledged = gauge("messages_unacknowledged", "Messages taken from the queue and not settled yet.")
        backlog = gauge("backlog", "Deliveries taken from the queue that wait for their turn at their destination.")
        laneTurnSecondsMax = gauge(
            "lane_turn_seconds_max",
            "Longest turn of a lane's loop within the last one to two minutes, in seconds."
        )
        registry.gauge(
            "postback_build_info",
            "Always 1; the label says which build runs.",
            labels: [("version", version)]
        )
        .set(1)
        let linesDropped = registry.floatingCounter(
            "postback_log_lines_dropped_total",
            "Log lines that standard error did not take because its reader is stuck."
        )
        registry.onScrape { linesDropped.set(Double(LogOutput.droppedLines)) }
    }

    /// An event was settled.
    package func event(_ outcome: EventOutcome) {
        events.increment(outcome.rawValue)
    }

    /// A rule kept an event from a postback, whatever becomes of the event's other postbacks.
    package func filter(_ rule: FilterRule) {
        filtered.increment(rule.rawValue)
    }

    /// A delivery left the worker, for good or until its next attempt; counts retries as well.
    package func delivery(_ outcome: DeliveryOutcome) {
        deliveries.increment(outcome.rawValue)
        if outcome == .retried { retries.increment() }
    }

    /// An attempt ended after `seconds`.
    package func attempt(verdict: Verdict, statusClass: StatusClass, seconds: Double) {
        attempts.increment(verdict.rawValue * 6 + statusClass.rawValue)
        attemptSeconds.record(seconds)
    }

    /// A conversion was delivered `seconds` after it occurred; a clock that runs ahead counts as 0.
    package func deliveryAge(seconds: Double) {
        deliveryAgeSeconds.record(max(0, seconds))
    }

    /// Something was handed to the dead letters.
    package func deadLetter(_ reason: DeadLetterReason) {
        deadLetters.increment(reason.rawValue)
    }

    /// A delivery was put on the ladder without an attempt.
    package func park(_ cause: ParkCause) {
        parked.increment(cause.rawValue)
    }

    /// An attempt had a connection.
    package func connection(reused: Bool) {
        connections.increment(reused ? 1 : 0)
    }

    /// The route file was read.
    package func routeReload(_ result: ReloadResult) {
        routeReloads.increment(result.rawValue)
    }

    /// libcurl sent a request `count` times more than once.
    package func resend(_ count: Int = 1) {
        resends.increment(by: Int64(count))
    }

    /// A delivery of a test conversion ended.
    package func testDelivery() {
        testDeliveries.increment()
    }

    /// A host name was looked up.
    package func lookup(_ result: LookupResult) {
        lookups.increment(result.rawValue)
    }

    /// The broker connection was made anew.
    package func brokerReconnect() {
        brokerReconnects.increment()
    }

    /// The broker has confirmed `count` records of the delivery log.
    package func writeDeliveryRecords(_ count: Int) {
        deliveryRecordsWritten.increment(by: Int64(count))
    }

    /// `count` records of the delivery log were given up.
    package func dropDeliveryRecords(_ count: Int = 1) {
        deliveryRecordsDropped.increment(by: Int64(count))
    }
}
