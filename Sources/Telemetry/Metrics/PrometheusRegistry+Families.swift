import Synchronization

/// How a series finds its family.
extension PrometheusRegistry {
    /// Finds or makes a series. A metric that cannot be exposed is counted and returned all the same: a wrong name in
    /// a library must not stop deliveries.
    ///
    /// - Parameters:
    ///   - help: `nil` for the text given to `describe`.
    ///   - isCapped: whether a label set over the cap is folded into the series `other`.
    ///   - make: gets the buckets set for this name, if there are any.
    func series<Metric: ExposedMetric>(
        _ name: String,
        _ kind: MetricFamily.Kind,
        help: String?,
        labels: [(String, String)],
        isCapped: Bool = false,
        make: (HistogramBuckets?) -> Metric
    ) -> Metric {
        let name = MetricName.metric(name)
        let (exposed, buckets) = state.withLock { state -> (Metric?, HistogramBuckets?) in
            let buckets = state.buckets[name]
            guard claim(name, kind, help, in: &state), var family = state.families[name] else { return (nil, buckets) }
            var set = LabelSet(labels)
            if isCapped, family.source(set) == nil, family.series.count >= labelSetsPerFamily {
                refused.increment(Refusal.tooManyLabelSets.rawValue)
                // One `other` for the whole family, whatever its labels are called this time.
                set = family.other ?? LabelSet(labels.map { ($0.0, "other") })
                family.other = set
            }
            if let source = family.source(set) {
                let metric = source.object as? Metric
                if metric == nil { refused.increment(Refusal.nameTaken.rawValue) }
                return (metric, buckets)
            }
            let metric = make(buckets)
            family.insert(.init(labels: set, source: metric.source))
            state.families[name] = family
            return (metric, buckets)
        }
        return exposed ?? make(buckets)
    }

    /// Shows a vector's cells as the series of one family.
    func expose(_ vector: CounterVector, _ name: String, _ help: String, labels: [[(String, String)]]) {
        let name = MetricName.metric(name)
        state.withLock { state in
            guard claim(name, .counter, help, in: &state) else { return }
            for (index, labels) in labels.enumerated() {
                state.families[name]?.insert(.init(labels: LabelSet(labels), source: .vector(vector, index)))
            }
        }
    }

    /// Takes the metric out of the exposition; whoever holds it can go on using it.
    func remove(_ object: AnyObject) {
        state.withLock { state in
            for name in state.families.keys { state.families[name]?.remove(object) }
        }
    }

    /// Makes sure that the family is there and of this kind, and that no other family writes samples of its name.
    private func claim(_ name: String, _ kind: MetricFamily.Kind, _ help: String?, in state: inout State) -> Bool {
        if let family = state.families[name] {
            if family.kind == kind { return true }
            refused.increment(Refusal.nameTaken.rawValue)
            return false
        }
        let samples = kind.suffixes.map { name + $0 }
        guard samples.allSatisfy({ state.owners[$0] == nil }) else {
            refused.increment(Refusal.nameTaken.rawValue)
            return false
        }
        for sample in samples { state.owners[sample] = name }
        let help = help ?? state.help[name] ?? "Reported through swift-metrics."
        state.families[name] = MetricFamily(name: name, kind: kind, help: help)
        return true
    }
}
