extension Tracker {
    static let tune = Tracker(
        name: "tune",
        title: "TUNE (HasOffers)",
        otherNames: ["hasoffers", "has-offers", "go2cloud"],
        address: "<scheme>://<domain>/aff_lsr",
        inputs: [
            .domain(example: "net.go2cloud.example", "the tracking domain of the network"), .scheme(usual: "http"),
        ],
        parameters: [
            .required("transaction_id", "{{click_id}}", "TUNE's transaction id: what its click put on the link"),
            .sent("amount", "{{payout}}", "what the conversion pays"),
            .optional("offer_id", "TUNE's offer; without it the transaction decides"),
            .optional("goal_id", "TUNE's goal"),
            .optional("adv_sub", "your own parameter"),
            .optional("adv_sub2..adv_sub5", "your own parameters"),
            .optional("adv_unique1", "{{event_id}}", "a number by which TUNE finds repetitions"),
            .optional("adv_unique2..adv_unique5", "more such numbers"),
        ],
        success: TrackerAnswer(bodyContains: ["success=true"]),
        duplicate: TrackerAnswer(bodyContains: ["Duplicate conversion"]),
        notes: [
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "It answers 200 also when it rejects; the body says success=false and why.",
            "TUNE can be told to accept postbacks from listed addresses only: list this worker's.",
        ],
        sources: ["https://support.tune.com (4413247665431, 1500008230722)"],
        isVerified: true
    )
}
