extension Tracker {
    static let zeustrack = Tracker(
        name: "zeustrack",
        title: "Zeustrack",
        otherNames: ["zeustrak"],
        address: "<scheme>://<domain>/postback",
        inputs: [.domain(example: "ztrk37.com"), .scheme(usual: "http")],
        parameters: [
            .required("cid", "{{click_id}}", "Zeustrack's click id"),
            .sent("payout", "{{payout}}", "what the conversion pays"),
            .optional("type", "{{type}}", "lead, deposit or ftd"),
        ],
        notes: ["The page shows http."],
        sources: ["https://zeustrak.freshdesk.com (article 35000085952)"],
        isVerified: true
    )
}
