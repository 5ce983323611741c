package import CoreMetrics

/// The backend of swift-metrics. Labels become metric names as they are, with invalid characters replaced by `_`;
/// dimensions become labels; at most `labelSetsPerFamily` label sets per family.
extension PrometheusRegistry: MetricsFactory {
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, help: nil, labels: dimensions, isCapped: true) { _ in PrometheusCounter() }
    }

    package func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, .counter, help: nil, labels: dimensions, isCapped: true) { _ in PrometheusFloatingCounter() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, help: nil, labels: dimensions, isCapped: true) { _ in PrometheusGauge() }
    }

    /// A gauge, or with `aggregate` a histogram in the recorded unit.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else {
            return series(label, .gauge, help: nil, labels: dimensions, isCapped: true) { _ in PrometheusGauge() }
        }
        return series(label, .histogram, help: nil, labels: dimensions, isCapped: true) {
            PrometheusHistogram(buckets: $0 ?? .powersOfFour)
        }
    }

    /// A histogram in seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, .histogram, help: nil, labels: dimensions, isCapped: true) {
            PrometheusHistogram(buckets: $0 ?? .attempt)
        }
    }

    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }

    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }

    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }

    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }

    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
