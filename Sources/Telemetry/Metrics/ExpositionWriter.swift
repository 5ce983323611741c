/// Writes families in the Prometheus text exposition format 0.0.4.
struct ExpositionWriter {
    var bytes: [UInt8]

    /// `# HELP` and `# TYPE` once, then every series. A family without series is not mentioned.
    mutating func write(_ family: MetricFamily) {
        guard !family.series.isEmpty else { return }
        text("# HELP \(family.name) ")
        help(family.help)
        text("\n# TYPE \(family.name) \(family.kind.rawValue)\n")
        for series in family.series {
            switch series.source {
            case .counter(let counter): sample(family.name, series.labels, Self.number(counter.value))
            case .floatingCounter(let counter): sample(family.name, series.labels, Self.number(counter.value))
            case .vector(let vector, let index): sample(family.name, series.labels, Self.number(vector.value(index)))
            case .gauge(let gauge): sample(family.name, series.labels, Self.number(gauge.value))
            case .histogram(let histogram): write(histogram, family.name, series.labels)
            }
        }
    }

    private mutating func write(_ histogram: PrometheusHistogram, _ name: String, _ labels: LabelSet) {
        let (counts, sum) = histogram.snapshot()
        var total: UInt64 = 0
        for (index, count) in counts.enumerated() {
            total += count
            let isLast = index == histogram.buckets.bounds.count
            let bound = isLast ? "+Inf" : Self.number(histogram.buckets.bounds[index])
            sample("\(name)_bucket", labels, Self.number(total), bound: bound)
        }
        sample("\(name)_sum", labels, Self.number(sum))
        sample("\(name)_count", labels, Self.number(total))
    }

    private mutating func sample(_ name: String, _ labels: LabelSet, _ value: String, bound: String? = nil) {
        text(name)
        if bound != nil || !labels.text.isEmpty {
            text("{")
            bytes.append(contentsOf: labels.text)
            if let bound {
                if !labels.text.isEmpty { text(",") }
                text("le=\"\(bound)\"")
            }
            text("}")
        }
        text(" ")
        text(value)
        text("\n")
    }

    /// In a help text only backslash and newline are escaped.
    private mutating func help(_ help: String) {
        for byte in help.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): text("\\\\")
            case UInt8(ascii: "\n"): text("\\n")
            default: bytes.append(byte)
            }
        }
    }

    private mutating func text(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private static func number(_ value: UInt64) -> String {
        String(value)
    }

    /// Whole numbers without a fraction, the shortest exact form otherwise, infinities as the format spells them.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return value.description
    }
}
