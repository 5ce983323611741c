/// One metric name with its type, its help and its series in a stable order.
struct MetricFamily: Sendable {
    enum Kind: String, Sendable {
        case counter, gauge, histogram

        /// What a family of this kind puts behind its name; each such name belongs to it alone.
        var suffixes: [String] {
            self == .histogram ? ["", "_bucket", "_sum", "_count"] : [""]
        }
    }

    /// Where a scrape reads the value.
    enum Source: Sendable {
        case counter(PrometheusCounter)
        case floatingCounter(PrometheusFloatingCounter)
        case vector(CounterVector, Int)
        case gauge(PrometheusGauge)
        case histogram(PrometheusHistogram)

        /// The object behind it: to hand it out again, and to find the series when it is destroyed.
        var object: AnyObject {
            switch self {
            case .counter(let counter): counter
            case .floatingCounter(let counter): counter
            case .vector(let vector, _): vector
            case .gauge(let gauge): gauge
            case .histogram(let histogram): histogram
            }
        }
    }

    struct Series: Sendable {
        let labels: LabelSet
        let source: Source
    }

    let name: String
    let kind: Kind
    var help: String
    /// Sorted by labels.
    private(set) var series: [Series] = []
    /// The labels of the series that takes what is over the cap, once there is one.
    var other: LabelSet?

    init(name: String, kind: Kind, help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    func source(_ labels: LabelSet) -> Source? {
        let index = position(labels)
        return index < series.count && series[index].labels == labels ? series[index].source : nil
    }

    /// Adds a series, or replaces the one with the same labels.
    mutating func insert(_ new: Series) {
        let index = position(new.labels)
        if index < series.count, series[index].labels == new.labels {
            series[index] = new
        } else {
            series.insert(new, at: index)
        }
    }

    mutating func remove(_ object: AnyObject) {
        series.removeAll { $0.source.object === object }
    }

    /// Where the labels stand or would stand, by binary search.
    private func position(_ labels: LabelSet) -> Int {
        var low = 0
        var high = series.count
        while low < high {
            let middle = (low + high) / 2
            if series[middle].labels < labels { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// A metric that a family can hold.
protocol ExposedMetric: AnyObject, Sendable {
    var source: MetricFamily.Source { get }
}

extension PrometheusCounter: ExposedMetric {
    var source: MetricFamily.Source { .counter(self) }
}

extension PrometheusFloatingCounter: ExposedMetric {
    var source: MetricFamily.Source { .floatingCounter(self) }
}

extension PrometheusGauge: ExposedMetric {
    var source: MetricFamily.Source { .gauge(self) }
}

extension PrometheusHistogram: ExposedMetric {
    var source: MetricFamily.Source { .histogram(self) }
}
