extension Tracker {
    static let mondiad = Tracker(
        name: "mondiad",
        title: "Mondiad",
        address: "https://postback.mondiad.com/track",
        inputs: [.required("account", .word, "what your postback URL shows for uid", example: "12345")],
        parameters: [
            .required("uid", "<account>", "the account"),
            .required("clickid", "{{click_id}}", "Mondiad's click id"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
        ],
        notes: ["Read from a tracker's guide, not from a page of Mondiad."],
        sources: ["https://docs.bemob.com/en/mondiad"],
        isVerified: false
    )
}
