import Synchronization

/// All the metrics of the process, and their text for Prometheus.
///
/// Making a metric takes a lock and is meant for the start; using one does not. As `MetricsFactory` (see
/// `PrometheusRegistry+Factory.swift`) it also takes what libraries report through swift-metrics.
///
/// What cannot be shown is counted in `postback_metrics_refused_total{cause}`: label sets over the cap of a family
/// (they share one series whose label values are all `other`), and a name that another family of another type has
/// (such a metric works, but is not exposed).
package final class PrometheusRegistry: Sendable {
    /// Why a metric was not exposed as asked.
    enum Refusal: Int, CaseIterable {
        case tooManyLabelSets, nameTaken

        var label: String {
            switch self {
            case .tooManyLabelSets: "too_many_label_sets"
            case .nameTaken: "name_taken"
            }
        }
    }

    struct State {
        var families: [String: MetricFamily] = [:]
        /// Every sample name in use, with the family it belongs to.
        var owners: [String: String] = [:]
        var help: [String: String] = [:]
        var buckets: [String: HistogramBuckets] = [:]
        var callbacks: [@Sendable () -> Void] = []
    }

    let state = Mutex(State())
    let refused: CounterVector
    /// The most label sets a family made through swift-metrics may have.
    package let labelSetsPerFamily: Int

    /// A registry with nothing in it but its own counter of refusals.
    ///
    /// - Parameter labelSetsPerFamily: at least 1; beyond it a family's new label sets share the series `other`.
    package init(labelSetsPerFamily: Int = 200) {
        self.labelSetsPerFamily = max(1, labelSetsPerFamily)
        refused = CounterVector(count: Refusal.allCases.count)
        expose(
            refused,
            "postback_metrics_refused_total",
            "Metrics that could not be exposed as asked, by cause.",
            labels: Refusal.allCases.map { [("cause", $0.label)] }
        )
    }

    /// Sets the help text of a family; families made through swift-metrics have no other way to get one.
    package func describe(_ name: String, _ help: String) {
        let name = MetricName.metric(name)
        state.withLock {
            $0.help[name] = help
            $0.families[name]?.help = help
        }
    }

    /// Sets the buckets of a timer or recorder that is made later through swift-metrics.
    package func setBuckets(_ buckets: HistogramBuckets, for name: String) {
        let name = MetricName.metric(name)
        state.withLock { $0.buckets[name] = buckets }
    }

    /// Runs `body` before each scrape, on the scraping thread: the place to set gauges that are only looked at.
    ///
    /// Scrapes can overlap, so can calls of `body`.
    package func onScrape(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.callbacks.append(body) }
    }

    /// Appends the whole exposition (text format 0.0.4): families by name, series by labels.
    package func text(into bytes: inout [UInt8]) {
        for callback in state.withLock({ $0.callbacks }) { callback() }
        let families = state.withLock { $0.families.values.sorted { $0.name < $1.name } }
        var writer = ExpositionWriter(bytes: bytes)
        bytes = []
        for family in families { writer.write(family) }
        bytes = writer.bytes
    }

    /// The counter with these labels; the same one when asked again.
    package func counter(_ name: String, _ help: String, labels: [(String, String)] = []) -> PrometheusCounter {
        series(name, .counter, help: help, labels: labels) { _ in PrometheusCounter() }
    }

    /// A counter of fractions, or one that follows a total kept elsewhere.
    package func floatingCounter(
        _ name: String,
        _ help: String,
        labels: [(String, String)] = []
    ) -> PrometheusFloatingCounter {
        series(name, .counter, help: help, labels: labels) { _ in PrometheusFloatingCounter() }
    }

    /// The gauge with these labels; the same one when asked again.
    package func gauge(_ name: String, _ help: String, labels: [(String, String)] = []) -> PrometheusGauge {
        series(name, .gauge, help: help, labels: labels) { _ in PrometheusGauge() }
    }

    /// The histogram with these labels; the same one, with the buckets it has, when asked again.
    package func histogram(
        _ name: String,
        _ help: String,
        buckets: HistogramBuckets,
        labels: [(String, String)] = []
    ) -> PrometheusHistogram {
        series(name, .histogram, help: help, labels: labels) { _ in PrometheusHistogram(buckets: buckets) }
    }

    /// A counter family whose label sets are all known: `index` of the vector is the index in `labels`.
    package func counters(_ name: String, _ help: String, labels: [[(String, String)]]) -> CounterVector {
        let vector = CounterVector(count: labels.count)
        expose(vector, name, help, labels: labels)
        return vector
    }
}
