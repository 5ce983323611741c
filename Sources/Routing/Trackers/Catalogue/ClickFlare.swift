extension Tracker {
    static let clickFlare = Tracker(
        name: "clickflare",
        title: "ClickFlare",
        otherNames: ["click-flare"],
        address: "https://<domain>/cf/cv",
        inputs: [.domain(example: "track.example.com")],
        parameters: [
            .required("click_id", "{{click_id}}", "ClickFlare's click id"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
            .sent("txid", "{{event_id}}", "the conversion's own number, by which repetitions are found"),
            .optional("ct", "{{type}}", "the kind of conversion, such as sale"),
        ],
        notes: [
            "Older pages show /cf/postback?cid= instead; if your account does, write the URL with url:.",
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
        ],
        sources: [
            "https://help.clickflare.io/en/tracking/click-flare-parameters-in-postback-urls",
            "https://help.clickflare.io/settings/s2s-postback-ur-ls",
        ],
        isVerified: true
    )
}
