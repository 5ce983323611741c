extension Tracker {
    static let peerClick = Tracker(
        name: "peerclick",
        title: "PeerClick",
        otherNames: ["peer-click"],
        address: "https://pstb.peerclick.com/postback",
        parameters: [
            .required("cid", "{{click_id}}", "PeerClick's click id"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
            .sent("currency", "{{currency}}", "the currency of the payout"),
            .optional("status", "<status>", "the status of the conversion"),
            .optional("txid", "{{event_id}}", "the conversion's own number"),
            .optional("conversion_id", "{{event_id}}", "the conversion's own number"),
            .optional("param1..", "your own parameters"),
            .optional("event1..", "your own events"),
        ],
        notes: ["Nothing has to be entered. How repetitions are treated is not documented."],
        sources: ["https://help-center.peerclick.com/en/articles/10512589"],
        isVerified: true
    )
}
