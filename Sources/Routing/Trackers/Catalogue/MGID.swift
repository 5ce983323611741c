extension Tracker {
    static let mgid = Tracker(
        name: "mgid",
        title: "MGID",
        address: "https://a.mgid.com/postback",
        inputs: [
            .required(
                "event",
                .text,
                "what your account shows for e: the status and a fixed id",
                example: "lead1234567"
            )
        ],
        parameters: [
            .required("c", "{{click_id}}", "MGID's click id"),
            .required("e", "<event>", "the event"),
            .sent("r", "{{payout}}", "what the conversion pays, in the currency of your account"),
        ],
        notes: ["It takes no currency: the payout must be in the currency of your account."],
        sources: ["https://help.mgid.com/binom.org-tracker-integration"],
        isVerified: true
    )
}
