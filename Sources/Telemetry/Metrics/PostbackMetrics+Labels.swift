/// The label values of the worker's metrics. All are fixed here; none comes from an event or a URL.
package protocol MetricLabel: CaseIterable, RawRepresentable, Sendable where RawValue == Int {
    /// The value as it stands in the exposition.
    var label: String { get }
}

extension PostbackMetrics {
    /// How a conversion event left the worker.
    package enum EventOutcome: Int, MetricLabel {
        /// All its deliveries were delivered (or were duplicates).
        case delivered
        /// At least one delivery went to the ladder, none to the dead letters.
        case retried
        /// At least one delivery became a dead letter.
        case deadLettered
        /// No postback is set for it.
        case noRoute
        /// A route says to send nothing.
        case suppressed
        /// Postbacks are set, but their `when` or `sample` left it out.
        case filtered
        /// Its deliveries wait for a `delay`, a gate or a breaker; no attempt was made.
        case parked
        /// Not a conversion event.
        case invalid
        /// Given back to the broker, not worked on.
        case returned

        package var label: String {
            switch self {
            case .delivered: "delivered"
            case .retried: "retried"
            case .deadLettered: "dead_lettered"
            case .noRoute: "no_route"
            case .suppressed: "suppressed"
            case .filtered: "filtered"
            case .parked: "parked"
            case .invalid: "invalid"
            case .returned: "returned"
            }
        }
    }

    /// Which rule of a postback kept a conversion from it.
    package enum FilterRule: Int, MetricLabel {
        /// A condition of `when`.
        case type, status, country, minPayout, maxPayout
        case sample
        /// A scope says to send nothing.
        case suppress

        package var label: String {
            switch self {
            case .type: "type"
            case .status: "status"
            case .country: "country"
            case .minPayout: "min_payout"
            case .maxPayout: "max_payout"
            case .sample: "sample"
            case .suppress: "suppress"
            }
        }
    }

    /// How one delivery (an event to one postback) left the worker this time.
    package enum DeliveryOutcome: Int, MetricLabel {
        case delivered
        /// The receiver says that it has had it before: as good as delivered.
        case duplicate
        /// The receiver refused it for good; it is a dead letter.
        case rejected
        /// To the ladder after an attempt.
        case retried
        /// A dead letter for another reason than a refusal.
        case deadLettered
        /// To the ladder without an attempt.
        case parked
        /// Given back to the broker with its event.
        case returned

        package var label: String {
            switch self {
            case .delivered: "delivered"
            case .duplicate: "duplicate"
            case .rejected: "rejected"
            case .retried: "retried"
            case .deadLettered: "dead_lettered"
            case .parked: "parked"
            case .returned: "returned"
            }
        }
    }

    /// How one attempt was judged (CONTRACT section 5).
    package enum Verdict: Int, MetricLabel {
        case delivered, duplicate, rejected, retry, unknownOutcome, ownFault

        package var label: String {
            switch self {
            case .delivered: "delivered"
            case .duplicate: "duplicate"
            case .rejected: "rejected"
            case .retry: "retry"
            case .unknownOutcome: "unknown_outcome"
            case .ownFault: "own_fault"
            }
        }
    }

    /// The first digit of the HTTP status, or `none` without an answer.
    package enum StatusClass: Int, MetricLabel {
        case none, informational, success, redirection, clientError, serverError

        /// The class of a status; `none` for what is not 100...599 (0 is "no answer").
        package init(status: Int) {
            self = (100...599).contains(status) ? Self(rawValue: status / 100) ?? .none : .none
        }

        package var label: String {
            self == .none ? "none" : "\(rawValue)xx"
        }
    }

    /// Why something lies in the dead letters (CONTRACT section 4).
    package enum DeadLetterReason: Int, MetricLabel {
        case invalidEvent, missingToken, invalidURL, blockedDestination, rejected, exhausted, expired, routeRemoved
        case poison, paused

        package var label: String {
            switch self {
            case .invalidEvent: "invalid_event"
            case .missingToken: "missing_token"
            case .invalidURL: "invalid_url"
            case .blockedDestination: "blocked_destination"
            case .rejected: "rejected"
            case .exhausted: "exhausted"
            case .expired: "expired"
            case .routeRemoved: "route_removed"
            case .poison: "poison"
            case .paused: "paused"
            }
        }
    }

    /// Why a delivery waits on the ladder without an attempt spent.
    package enum ParkCause: Int, MetricLabel {
        /// `dispatch.per_host` attempts are under way to that host.
        case hostLimit
        /// `dispatch.concurrency` attempts are under way.
        case concurrency
        /// The host's breaker is open.
        case breaker
        /// The host asked for a pause (`Retry-After`).
        case retryAfter
        /// The route's `delay`.
        case delay
        /// Its turn has not come: a ladder step was shorter than the whole delay.
        case notBefore
        /// The route is paused.
        case paused
        /// No resolver, no descriptor, no broker.
        case ownFault
        case shutdown

        package var label: String {
            switch self {
            case .hostLimit: "host_limit"
            case .concurrency: "concurrency"
            case .breaker: "breaker"
            case .retryAfter: "retry_after"
            case .delay: "delay"
            case .notBefore: "not_before"
            case .paused: "paused"
            case .ownFault: "own_fault"
            case .shutdown: "shutdown"
            }
        }
    }

    /// What became of a changed route file.
    package enum ReloadResult: Int, MetricLabel {
        /// Taken; the new routes are in force.
        case loaded
        /// Refused whole for its faults; the last good routes stay.
        case refused
        /// Read again and found the same.
        case unchanged

        package var label: String {
            switch self {
            case .loaded: "loaded"
            case .refused: "refused"
            case .unchanged: "unchanged"
            }
        }
    }

    /// How a host name lookup ended.
    package enum LookupResult: Int, MetricLabel {
        case resolved
        /// Answered from the cache, nothing was asked.
        case cached
        /// The name does not exist or has no address.
        case notFound
        /// Every address is one the egress policy refuses.
        case blocked
        /// Timed out, refused, or no server.
        case failed

        package var label: String {
            switch self {
            case .resolved: "resolved"
            case .cached: "cached"
            case .notFound: "not_found"
            case .blocked: "blocked"
            case .failed: "failed"
            }
        }
    }
}
