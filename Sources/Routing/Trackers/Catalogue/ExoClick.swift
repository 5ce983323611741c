extension Tracker {
    static let exoClick = Tracker(
        name: "exoclick",
        title: "ExoClick",
        otherNames: ["exo", "exo-click"],
        address: "<scheme>://<domain>/tag.php",
        inputs: [
            .domain(example: "syndication.example.com", "the host of the postback URL that ExoClick shows"),
            .required(
                "goal",
                .hexadecimal(digits: 32),
                "the goal id, 32 hexadecimal digits",
                example: "0123456789abcdef0123456789abcdef"
            ),
            .optional("key", .word, "the secret key, if the goal has one", example: "a1b2c3").kept,
            .scheme(usual: "http"),
        ],
        parameters: [
            .required("goal", "<goal>", "the goal"),
            .required("tag", "{{click_id}}", "what ExoClick put on the link for {conversions_tracking}"),
            .sent("skey", "<key>", "sent when key is entered"),
            .optional("cpa", "{{payout}}", "what the conversion pays"),
        ],
        success: TrackerAnswer(bodyContains: ["OK"], bodyLacks: ["ERROR"]),
        duplicate: TrackerAnswer(bodyContains: ["already been notified"]),
        notes: [
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "One conversion per tag in 24 hours.", "It answers OK, or ERROR and why.",
        ],
        sources: ["https://docs.exoclick.com/docs/conversion-tracking-api/"],
        isVerified: true
    )
}
