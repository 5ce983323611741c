extension Tracker {
    static let beMob = Tracker(
        name: "bemob",
        title: "BeMob",
        otherNames: ["be-mob"],
        address: "<scheme>://<domain>/postback",
        inputs: [.domain(example: "abc.bemobtrcks.example"), .scheme(usual: "https")],
        parameters: [
            .required("cid", "{{click_id}}", "BeMob's click id, 22 characters"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
            .optional("txid", "{{event_id}}", "a number by which BeMob ignores a repetition"),
            .optional("status", "<status>", "the status of the conversion"),
        ],
        notes: [
            "\"Accept double postbacks\" in BeMob decides about a second conversion of the same click.",
            "BeMob can be told to accept postbacks from listed addresses only: list this worker's.",
            "Without status every conversion counts: add when: { statuses: [approved] } if the others must not.",
        ],
        sources: [
            "https://docs.bemob.com/en/create-custom-affiliate-network",
            "https://docs.bemob.com/en/performing-conversion-test",
        ],
        isVerified: true
    )
}
