extension Tracker {
    static let offer18 = Tracker(
        name: "offer18",
        title: "Offer18",
        address: "https://<domain>/p",
        inputs: [
            .domain(example: "track.example.com", "the tracking domain of the network"),
            .required("account", .word, "what the postback URL shows for mid", example: "1234"),
        ],
        parameters: [
            .required("mid", "<account>", "the account"),
            .required("tid", "{{click_id}}", "Offer18's transaction id"),
            .optional("event", "{{type}}", "Offer18's event"),
            .optional("adv_sub1..adv_sub5", "your own parameters"),
            .optional("sale", "the value of the sale"),
        ],
        success: TrackerAnswer(
            bodyLacks: [
                "invalid transaction", "auth_token mismatch", "Cleared due to click expiry", "event not found",
                "IP not in Whitelist",
            ]
        ),
        duplicate: TrackerAnswer(bodyContains: ["Cleared due to Multi Conversion"]),
        notes: [
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "A click lives 30 days.",
            "The words of the two rules are those of Offer18's log; an answer that holds none of them is delivered.",
            "Offer18 can be told to accept postbacks from listed addresses only: list this worker's.",
        ],
        sources: [
            "https://offer18.gitbook.io/knowledge-base/global-postback-parameters", "https://knowledgebase.offer18.com",
        ],
        isVerified: true
    )
}
