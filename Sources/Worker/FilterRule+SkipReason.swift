import Routing
import Telemetry

extension PostbackMetrics.FilterRule {
    init(_ reason: SkipReason) {
        switch reason {
        case .type: self = .type
        case .status: self = .status
        case .country: self = .country
        case .minPayout: self = .minPayout
        case .maxPayout: self = .maxPayout
        case .sample: self = .sample
        }
    }
}
