extension Tracker {
    static let voluum = Tracker(
        name: "voluum",
        title: "Voluum",
        address: "https://<domain>/<path>/postback",
        inputs: [
            .domain(example: "abc.voluumtrk.example"),
            .optional("path", .path, "what stands before /postback, if your account lives under a path", example: "my"),
        ],
        parameters: [
            .required("cid", "{{click_id}}", "Voluum's click id"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
            .sent("currency", "{{currency}}", "the currency of the payout"),
            .optional("txid", "{{event_id}}", "makes a further conversion of the same click count"),
            .optional("et", "{{type}}", "the event type; case-sensitive, as named in Voluum"),
            .optional("param1..param5", "your own parameters"),
        ],
        notes: [
            "A click that has converted is not counted again, unless txid differs; each pair of cid and txid counts once.",
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "The answer to an unknown or a repeated click is not documented.",
        ],
        sources: [
            "https://doc.voluum.com/en/tracking_conversions_postback.html", "https://doc.voluum.com/en/upselling.html",
            "https://doc.voluum.com/en/postback_parameters.html",
        ],
        isVerified: true
    )
}
