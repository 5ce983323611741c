extension Tracker {
    static let cake = Tracker(
        name: "cake",
        title: "CAKE",
        otherNames: ["getcake"],
        address: "https://<domain>/p.ashx",
        inputs: [.domain(example: "track.example.com", "the tracking domain of the network")],
        parameters: [
            .required("r", "{{click_id}}", "CAKE's request id"),
            .sent("t", "{{event_id}}", "the conversion's own number"),
            .optional("o", "CAKE's offer"),
            .optional("e", "CAKE's event"),
        ],
        notes: [
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "A request id is one session: it may repeat across campaigns.",
        ],
        sources: ["https://support.getcake.com (5000546059, 13000118786)"],
        isVerified: true
    )
}
