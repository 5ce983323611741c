extension Tracker {
    static let taboola = Tracker(
        name: "taboola",
        title: "Taboola",
        address: "https://trc.taboola.com/actions-handler/log/3/s2s-action",
        inputs: [
            .required("event", .text, "the name of the conversion in Taboola; case-sensitive", example: "purchase")
        ],
        parameters: [
            .required("click-id", "{{click_id}}", "Taboola's click id"),
            .required("name", "<event>", "the name of the conversion"),
            .sent("revenue", "{{payout}}", "what the conversion pays"),
            .sent("currency", "{{currency}}", "the currency of the payout"),
            .sent("orderid", "{{event_id}}", "the conversion's own number"),
        ],
        success: TrackerAnswer(status: ["204"]),
        notes: [
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "It answers 204, or 400 when the click id cannot be read or the name is missing.",
        ],
        sources: [
            "https://developers.taboola.com/pixel/docs/the-postback-url",
            "https://developers.taboola.com/pixel/docs/postback-url-error-codes",
        ],
        isVerified: true
    )
}
