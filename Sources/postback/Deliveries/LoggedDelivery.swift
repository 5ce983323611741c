import Foundation

/// A record of the delivery log, as `schemas/delivery.schema.json` describes it.
struct LoggedDelivery: Decodable {
    struct Milliseconds: Decodable {
        let queue: Double?
        let total: Double?
    }

    let kind: String
    let at: String
    let eventID: String?
    let route: String?
    let publisherID: String?
    let offerID: String?
    let smartlinkID: String?
    let verdict: String?
    let reason: String?
    let rule: String?
    let end: String?
    let deadLetter: String?
    let attempt: Int?
    let nextAt: String?
    let status: Int?
    let error: String?
    let host: String?
    let url: String?
    let ms: Milliseconds?
    let test: Bool?
    let replay: String?
    /// Of the kind `audit`: what was done, by whom.
    let action: String?
    let by: String?

    enum CodingKeys: String, CodingKey {
        case kind, at, route, verdict, reason, rule, end, attempt, status, error, host, url, ms, test, replay, action,
            by
        case eventID = "event_id"
        case publisherID = "publisher_id"
        case offerID = "offer_id"
        case smartlinkID = "smartlink_id"
        case deadLetter = "dead_letter"
        case nextAt = "next_at"
    }

    /// Whether it says that something went wrong: an attempt that was not delivered, or a delivery given up.
    var isFailure: Bool {
        guard let verdict else { return false }
        return !["delivered", "duplicate", "no_route", "suppressed", "filtered"].contains(verdict)
    }
}
