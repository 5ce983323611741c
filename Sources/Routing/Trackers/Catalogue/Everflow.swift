extension Tracker {
    static let everflow = Tracker(
        name: "everflow",
        title: "Everflow",
        address: "https://<domain>/<path>",
        inputs: [
            .domain(example: "track.example.com", "the tracking domain of the network"),
            .required("path", .path, "the path of the postback URL that Everflow shows", example: "postback"),
            .required("account", .word, "the network id: what the postback URL shows for nid", example: "123"),
            .optional("key", .word, "the verification token, if the network uses one", example: "a1b2c3").kept,
        ],
        parameters: [
            .required("nid", "<account>", "the network id"),
            .required("transaction_id", "{{click_id}}", "Everflow's transaction id, 32 characters"),
            .sent("amount", "{{payout}}", "what the conversion pays; a point, no comma"),
            .sent("verification_token", "<key>", "sent when key is entered"),
            .optional("event_id", "Everflow's event"),
            .optional("order_id", "{{event_id}}", "the number of the order"),
            .optional("adv1..adv10", "your own parameters"),
        ],
        notes: [
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "Everflow's page was seen without the path of the URL: enter it as your account shows it.",
        ],
        sources: ["https://helpdesk.everflow.io/customer/accessing-editing-s2s-postback-urls"],
        isVerified: false
    )
}
