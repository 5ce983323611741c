import Conversion

extension Tracker {
    static let keitaro = Tracker(
        name: "keitaro",
        title: "Keitaro",
        address: "https://<domain>/<key>/postback",
        inputs: [
            .domain(example: "track.example.com"),
            .required(
                "key",
                .word,
                "the postback key of your Keitaro: it stands in its postback URL",
                example: "a1b2c3d"
            ).kept,
        ],
        parameters: [
            .required("subid", "{{click_id}}", "Keitaro's click id"),
            .sent("status", "<status>", "the status; Keitaro takes sale when it is missing"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
            .sent("currency", "{{currency}}", "the currency of the payout"),
            .optional(
                "tid",
                "{{event_id}}",
                "makes a further sale of the same click count (with the offer's rebill on)"
            ),
            .optional("revenue", "{{payout}}", "another name for payout; send one of them"),
            .optional("cost", "what the click cost"),
            .optional("sub_id_1..sub_id_15", "your own parameters"),
            .optional("return", "OK", "the body of Keitaro's answer"),
            .optional("lead_status", "your word for a lead"),
            .optional("sale_status", "your word for a sale"),
            .optional("rejected_status", "your word for a rejection"),
            .optional("ignore_status", "your word for a status to ignore"),
        ],
        statuses: [.approved: "sale", .pending: "lead", .hold: "lead", .rejected: "rejected", .reversed: "rejected"],
        notes: [
            "An upsell needs a tid of its own, an offer that allows rebills, and the status sale or rebill.",
            "Keitaro goes from lead to sale or rejected, and from sale or rebill to rejected.",
            "An unknown subid is written to Keitaro's log; the HTTP status of that answer is not documented.",
        ],
        sources: [
            "https://docs.keitaro.io/en/conversions/postback.html", "https://docs.keitaro.io/en/postbacks/s2s.html",
        ],
        isVerified: true
    )
}
