import Delivery

/// How one destination stands with one lane, for `GET /destinations` and `postback status`.
package struct DestinationReport: Sendable, Codable, Equatable {
    /// Scheme, host and port.
    package var host: String
    package var lane: String
    /// `closed`, `open` or `half_open`.
    package var breaker: String
    /// Seconds until the breaker lets a probe through; absent unless it is open, and when the next
    /// delivery is one.
    package var opensIn: Double?
    /// Seconds until the pause is over that the destination asked for.
    package var pausedFor: Double?
    /// Requests under way, and how many may be.
    package var inFlight: Int
    package var limit: Int
    /// Deliveries that wait in the worker.
    package var waiting: Int
    /// Deliveries on the ladder that wait for their turn, by estimate.
    package var parked: Int

    init(_ standing: DispatchGate.Standing, host: String, lane: String, now: Int64) {
        self.host = host
        self.lane = lane
        switch standing.breaker {
        case .closed: breaker = "closed"
        case .halfOpen: breaker = "half_open"
        case .open(let until):
            breaker = "open"
            if until > now { opensIn = Self.seconds(until - now) }
        }
        if standing.pause > 0 { pausedFor = Self.seconds(standing.pause) }
        inFlight = standing.inFlight
        limit = standing.limit
        waiting = standing.waiting
        parked = standing.parked
    }

    private static func seconds(_ nanoseconds: Int64) -> Double { (Double(nanoseconds) / 1e8).rounded() / 10 }

    package enum CodingKeys: String, CodingKey {
        case host, lane, breaker
        case opensIn = "opens_in_s"
        case pausedFor = "paused_for_s"
        case inFlight = "in_flight"
        case limit, waiting, parked
    }
}
