/// A field of the conversion event that holds one value (CONTRACT section 1).
package enum EventField: UInt8, CaseIterable, Sendable {
    /// Of the event and of whom and what it belongs to; the ids are 1 to 200 characters, the amount a plain decimal.
    case id, publisherID, offerID, smartlinkID, clickID, type, status, payoutAmount, payoutCurrency
    /// RFC 3339 date-times, and what is known of the visitor, as the network sent it.
    case occurredAt, clickedAt, country, region, city, ip, userAgent, device, os, browser, carrier, language, referrer

    /// The name in JSON; a dot leads into an object: `publisher_id`, `payout.amount`.
    package var name: String {
        switch self {
        case .id: "id"
        case .publisherID: "publisher_id"
        case .offerID: "offer_id"
        case .smartlinkID: "smartlink_id"
        case .clickID: "click_id"
        case .type: "type"
        case .status: "status"
        case .payoutAmount: "payout.amount"
        case .payoutCurrency: "payout.currency"
        case .occurredAt: "occurred_at"
        case .clickedAt: "clicked_at"
        case .country: "country"
        case .region: "region"
        case .city: "city"
        case .ip: "ip"
        case .userAgent: "user_agent"
        case .device: "device"
        case .os: "os"
        case .browser: "browser"
        case .carrier: "carrier"
        case .language: "language"
        case .referrer: "referrer"
        }
    }
}
