import Conversion

extension Tracker {
    static let trackier = Tracker(
        name: "trackier",
        title: "Trackier",
        address: "https://<domain>/acquisition",
        inputs: [
            .domain(example: "track.example.com", "the tracking domain of the network"),
            .optional("key", .word, "the security token, if the network uses one", example: "a1b2c3").kept,
        ],
        parameters: [
            .required("click_id", "{{click_id}}", "Trackier's click id"),
            .sent("security_token", "<key>", "sent when key is entered"),
            .sent("revenue", "{{payout}}", "what the conversion pays"),
            .sent("currency", "{{currency}}", "the currency of the payout"),
            .sent("status", "<status>", "approved, pending, rejected or cancelled"),
            .optional("txn_id", "{{event_id}}", "the conversion's own number"),
            .optional("sale_amount", "the value of the sale"),
            .optional("goal_value", "Trackier's goal"),
            .optional("sub1..sub15", "your own parameters"),
        ],
        statuses: [
            .approved: "approved", .pending: "pending", .rejected: "rejected", .hold: "pending", .reversed: "cancelled",
        ],
        notes: [
            "A second conversion of a click is refused (DUPLICATE_CLICK_ID in its log) unless multi-conversion is on."
        ],
        sources: ["https://help.trackier.com (8107277, 10441421, 31000155030)"],
        isVerified: true
    )
}
