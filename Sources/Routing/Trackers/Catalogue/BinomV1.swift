extension Tracker {
    static let binomV1 = Tracker(
        name: "binom-v1",
        title: "Binom v1",
        otherNames: ["binom", "binom1"],
        address: "https://<domain>/click.php",
        inputs: [.domain(example: "track.example.com")],
        parameters: [
            .required("cnv_id", "{{click_id}}", "Binom's click id"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
            .sent("cnv_status", "<status>", "the status of the conversion"),
            .sent("cnv_currency", "{{currency}}", "the currency of the payout"),
            .optional("cnv_status2", "{{type}}", "a second status"),
            .optional("to_offer", "the offer that gets the conversion"),
            .optional("disable_postback", "1", "1: Binom sends no postback of its own"),
            .optional("event1..", "your own events"),
        ],
        notes: [
            "The box \"Upsell\" of the offer decides whether a further conversion is added or overwrites the first."
        ],
        sources: ["https://docs.binom.org/postback-url.php", "https://docs.binom.org/update-conv.php"],
        isVerified: true
    )
}
