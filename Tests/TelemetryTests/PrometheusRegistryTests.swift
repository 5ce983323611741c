import CoreMetrics
import Testing

@testable import Telemetry

@Suite("The registry's exposition")
struct PrometheusRegistryTests {
    private func scrape(_ registry: PrometheusRegistry) throws -> [ExpositionParser.Family] {
        var bytes: [UInt8] = []
        registry.text(into: &bytes)
        return try ExpositionParser.parse(bytes)
    }

    @Test("is written exactly like this")
    func golden() {
        let registry = PrometheusRegistry()
        registry.gauge("b_gauge", "Line one\nback\\slash \"quoted\".").set(-1.5)
        registry.counter("a_total", "Things.", labels: [("kind", "x"), ("area", "say \"hi\"\\\n")]).increment(by: 3)
        let histogram = registry.histogram(
            "c_seconds",
            "Times.",
            buckets: HistogramBuckets([0.1, 1])!,
            labels: [("k", "v")]
        )
        histogram.record(0.1)
        histogram.record(0.5)
        histogram.record(7.0)
        var bytes = Array("before\n".utf8)
        registry.text(into: &bytes)
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"""
                before
                # HELP a_total Things.
                # TYPE a_total counter
                a_total{area="say \"hi\"\\\n",kind="x"} 3
                # HELP b_gauge Line one\nback\\slash "quoted".
                # TYPE b_gauge gauge
                b_gauge -1.5
                # HELP c_seconds Times.
                # TYPE c_seconds histogram
                c_seconds_bucket{k="v",le="0.1"} 1
                c_seconds_bucket{k="v",le="1"} 2
                c_seconds_bucket{k="v",le="+Inf"} 3
                c_seconds_sum{k="v"} 7.6
                c_seconds_count{k="v"} 3
                # HELP postback_metrics_refused_total Metrics that could not be exposed as asked, by cause.
                # TYPE postback_metrics_refused_total counter
                postback_metrics_refused_total{cause="name_taken"} 0
                postback_metrics_refused_total{cause="too_many_label_sets"} 0

                """#
        )
    }

    @Test(
        "spells numbers so that they are read back the same",
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (0.1, "0.1"), (1e300, "1e+300"), (2.5e-300, "2.5e-300"),
            (9_007_199_254_740_991, "9007199254740991"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
        ] as [(Double, String)]
    )
    func numbers(value: Double, text: String) {
        #expect(ExpositionWriter.number(value) == text)
    }

    @Test(
        "keeps a label value whatever is in it",
        arguments: ["plain", "a\"b", "a\\b", "a\nb", "\\n", "ünï¢øde 🦊", "{},=", " ", "\\\"\n\\"]
    )
    func labelValues(value: String) throws {
        let registry = PrometheusRegistry()
        registry.counter("x_total", "X.", labels: [("v", value)]).increment()
        #expect(try scrape(registry).value("x_total", ["v": value]) == 1)
    }

    @Test(
        "makes any name fit",
        arguments: [
            ("http.server.requests", "http_server_requests"), ("9lives", "_9lives"), ("", "_"), ("a:b", "a:b"),
            ("ünï", "__n__"), ("with space", "with_space"),
        ]
    )
    func metricNames(name: String, fitted: String) throws {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: name, dimensions: []).increment(by: 2)
        #expect(try scrape(registry).value(fitted) == 2)
    }

    @Test(
        "makes any label name fit",
        arguments: [("a.b", "a_b"), ("__name__", "_name__"), ("le", "le_"), ("1st", "_1st"), ("a:b", "a_b")]
    )
    func labelNames(name: String, fitted: String) throws {
        let registry = PrometheusRegistry()
        registry.makeTimer(label: "t", dimensions: [(name, "v")]).recordNanoseconds(1)
        #expect(try scrape(registry).value("t_count", [fitted: "v"]) == 1)
    }

    @Test("writes a label once and none that is empty")
    func labelsOnce() throws {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "x", dimensions: [("a", "1"), ("a", "2"), ("b", "")]).increment(by: 1)
        #expect(try scrape(registry).value("x", ["a": "1"]) == 1)
    }

    @Test("has one series for the same labels in any order")
    func sameSeries() throws {
        let registry = PrometheusRegistry()
        registry.makeCounter(label: "x", dimensions: [("a", "1"), ("b", "2")]).increment(by: 1)
        registry.makeCounter(label: "x", dimensions: [("b", "2"), ("a", "1")]).increment(by: 1)
        #expect(try scrape(registry).value("x", ["a": "1", "b": "2"]) == 2)
    }

    @Test("serves every kind of swift-metrics handle")
    func swiftMetrics() throws {
        let registry = PrometheusRegistry()
        registry.setBuckets(HistogramBuckets([1, 2])!, for: "sizes")
        registry.describe("timer", "Set before.")
        Counter(label: "counter", dimensions: [], factory: registry).increment(by: 5)
        FloatingPointCounter(label: "floating", dimensions: [], factory: registry).increment(by: 0.25)
        let meter = Meter(label: "meter", dimensions: [], factory: registry)
        meter.set(10)
        meter.decrement(by: 2.5)
        Recorder(label: "sizes", dimensions: [], aggregate: true, factory: registry).record(2)
        Recorder(label: "level", dimensions: [], aggregate: false, factory: registry).record(4)
        CoreMetrics.Timer(label: "timer", dimensions: [], factory: registry).recordNanoseconds(1_500_000_000)
        registry.describe("counter", "Set after.")
        let families = try scrape(registry)
        #expect(families.value("counter") == 5)
        #expect(families.value("floating") == 0.25)
        #expect(families.value("meter") == 7.5)
        #expect(families.value("level") == 4)
        #expect(families.value("sizes_bucket", ["le": "1"]) == 0)
        #expect(families.value("sizes_bucket", ["le": "2"]) == 1)
        #expect(families.value("timer_sum") == 1.5)
        #expect(families.first { $0.name == "timer" }?.help == "Set before.")
        #expect(families.first { $0.name == "counter" }?.help == "Set after.")
    }

    @Test("no longer shows what was destroyed")
    func destroy() throws {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "gone", dimensions: [("a", "1")], factory: registry)
        let other = Counter(label: "gone", dimensions: [("a", "2")], factory: registry)
        counter.destroy()
        other.increment()
        let families = try scrape(registry)
        #expect(families.value("gone", ["a": "1"]) == nil)
        #expect(families.value("gone", ["a": "2"]) == 1)
    }

    @Test("folds label sets over the cap into one series and counts them")
    func cap() throws {
        let registry = PrometheusRegistry(labelSetsPerFamily: 3)
        for id in 0..<10 {
            registry.makeCounter(label: "x", dimensions: [("id", "\(id)")]).increment(by: 1)
        }
        registry.makeCounter(label: "x", dimensions: [("unlike", "1")]).increment(by: 1)
        registry.makeCounter(label: "x", dimensions: [("id", "1")]).increment(by: 1)
        let families = try scrape(registry)
        #expect(families.first { $0.name == "x" }?.samples.count == 4)
        #expect(families.value("x", ["id": "other"]) == 8)
        #expect(families.value("x", ["id": "1"]) == 2)
        #expect(families.value("postback_metrics_refused_total", ["cause": "too_many_label_sets"]) == 8)
    }

    @Test("leaves a name with the family that had it first, and counts the rest")
    func nameTaken() throws {
        let registry = PrometheusRegistry()
        registry.makeTimer(label: "x", dimensions: []).recordNanoseconds(1)
        registry.makeCounter(label: "x", dimensions: []).increment(by: 1)
        registry.makeCounter(label: "x_count", dimensions: []).increment(by: 1)
        registry.makeCounter(label: "y_sum", dimensions: []).increment(by: 1)
        registry.makeRecorder(label: "y", dimensions: [], aggregate: true).record(1.0)
        registry.makeFloatingPointCounter(label: "y_sum", dimensions: []).increment(by: 1)
        _ = registry.counters("x", "Late.", labels: [[]])
        let families = try scrape(registry)
        #expect(families.map(\.name) == ["postback_metrics_refused_total", "x", "y_sum"])
        #expect(families.value("y_sum") == 1)
        #expect(families.value("postback_metrics_refused_total", ["cause": "name_taken"]) == 5)
    }

    @Test("runs the callbacks before it reads")
    func onScrape() throws {
        let registry = PrometheusRegistry()
        let gauge = registry.gauge("depth", "Depth.")
        registry.onScrape { gauge.increment(by: 1) }
        #expect(try scrape(registry).value("depth") == 1)
        #expect(try scrape(registry).value("depth") == 2)
    }

    @Test("ignores what would spoil a sum for good")
    func notFinite() throws {
        let registry = PrometheusRegistry()
        let gauge = registry.gauge("g", "G.")
        gauge.set(3)
        gauge.set(.nan)
        gauge.increment(by: .infinity)
        let histogram = registry.histogram("h", "H.", buckets: .attempt)
        for value in [Double.nan, .infinity, -.infinity, 0.5] { histogram.record(value) }
        let floating = registry.floatingCounter("f", "F.")
        for value in [Double.nan, -1, .infinity, 0.5] { floating.increment(by: value) }
        let counter = registry.counter("c", "C.")
        counter.increment(by: -4)
        counter.increment(by: 1)
        let families = try scrape(registry)
        #expect(families.value("g") == 3)
        #expect(families.value("h_count") == 1)
        #expect(families.value("h_sum") == 0.5)
        #expect(families.value("f") == 0.5)
        #expect(families.value("c") == 1)
    }

    @Test(
        "refuses buckets that do not ascend",
        arguments: [[], [1, 1], [2, 1], [1, .infinity], [.nan], (0...100).map(Double.init)] as [[Double]]
    )
    func buckets(bounds: [Double]) {
        #expect(HistogramBuckets(bounds) == nil)
    }

    @Test("puts a value at a bound into that bound's bucket", arguments: [0.0, 0.005, 0.0051, 29.9, 30, 31])
    func bounds(value: Double) throws {
        let registry = PrometheusRegistry()
        registry.histogram("h", "H.", buckets: .attempt).record(value)
        let families = try scrape(registry)
        for bound in HistogramBuckets.attempt.bounds {
            let count = families.value("h_bucket", ["le": ExpositionWriter.number(bound)])
            #expect(count == (value <= bound ? 1 : 0), "bound \(bound)")
        }
    }
}
