extension Tracker {
    static let binomV2 = Tracker(
        name: "binom-v2",
        title: "Binom v2",
        otherNames: ["binom", "binom2"],
        address: "https://<domain>/<path>",
        inputs: [
            .domain(example: "track.example.com"),
            .required("path", .path, "click or postback, as the postback URL of your Binom shows it", example: "click"),
            .required(
                "click_id_parameter",
                .word,
                "the parameter that takes the click id: cnv_id with click, clickid with postback",
                example: "cnv_id"
            ),
        ],
        parameters: [
            .required("<click_id_parameter>", "{{click_id}}", "Binom's click id"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
            .sent("cnv_status", "<status>", "the status of the conversion"),
            .optional("event1..event30", "your own events"),
            .optional("add_event", "added to your own events"),
        ],
        notes: [
            "The sources contradict each other: public programs call /click?cnv_id=, a third party's guide says"
                + " /postback?clickid=. Take what your Binom shows.",
            "The box \"Upsell\" of the offer decides whether a further conversion is added or overwrites the first.",
        ],
        sources: [
            "https://docs.binom.org/payout-tracking-v2.php", "https://docs.altercpa.top/en/trackers/binom/",
        ],
        isVerified: false
    )
}
