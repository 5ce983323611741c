import Delivery

/// A conversion made up to try a postback: what the account manager says, and sensible values for the rest.
package struct TestConversion: Sendable {
    /// Fields of the event (CONTRACT section 1); nil for the usual value, or for what the base has.
    package var publisher: String?
    package var offer: String?
    package var smartlink: String?
    package var clickID: String?
    package var amount: String?
    package var currency: String?
    package var type: String?
    package var status: String?
    package var country: String?

    /// Nothing said yet.
    package init() {}

    /// The event as JSON, not yet checked: with a new id and `test: true`.
    ///
    /// - Parameters:
    ///   - base: a valid event to take all else from, as it is written there; of a CloudEvent its `data`.
    ///   - random: makes the ids new: `test-9f3c0a12b4d5e6f7`.
    ///   - now: milliseconds since the Unix epoch.
    package func event(base: String?, random: UInt64, now: Int64) -> String {
        let digits = String(random, radix: 16)
        let suffix = String(repeating: "0", count: 16 - digits.count) + digits
        var members = base.map(Self.members(of:)) ?? usual(suffix, now)
        members["id"] = JSONMembers.quoted("test-\(suffix)")
        members["test"] = "true"
        let texts = [
            ("publisher_id", publisher), ("offer_id", offer), ("smartlink_id", smartlink), ("click_id", clickID),
            ("type", type), ("status", status), ("country", country),
        ]
        for (name, text) in texts {
            if let text { members[name] = JSONMembers.quoted(text) }
        }
        if amount != nil || currency != nil {
            var payout = members["payout"].flatMap { $0.hasPrefix("{") ? JSONMembers($0) : nil } ?? JSONMembers()
            if let amount { payout["amount"] = JSONMembers.quoted(amount) }
            if let currency { payout["currency"] = JSONMembers.quoted(currency) }
            members["payout"] = payout.text
        }
        return members.text
    }

    private static func members(of base: String) -> JSONMembers {
        let members = JSONMembers(base)
        guard members["specversion"] != nil, let data = members["data"] else { return members }
        return JSONMembers(data)
    }

    private func usual(_ suffix: String, _ now: Int64) -> JSONMembers {
        var members = JSONMembers()
        members["id"] = ""
        members["publisher_id"] = ""
        members["offer_id"] = offer.map(JSONMembers.quoted)
        members["smartlink_id"] = smartlink.map(JSONMembers.quoted)
        members["click_id"] = JSONMembers.quoted("test-click-\(suffix)")
        members["type"] = JSONMembers.quoted("conversion")
        members["status"] = JSONMembers.quoted("approved")
        members["payout"] = "{\"amount\":\"1.00\",\"currency\":\"USD\"}"
        members["occurred_at"] = JSONMembers.quoted(Timestamp.text(now))
        return members
    }
}
