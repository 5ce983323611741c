import Conversion

extension Tracker {
    static let affise = Tracker(
        name: "affise",
        title: "Affise",
        address: "https://<domain>/postback",
        inputs: [
            .domain(example: "offers.example.com", "the tracking domain of the network"),
            .optional("key", .word, "the postback's secure code, if the network uses one", example: "a1b2c3").kept,
        ],
        parameters: [
            .required("clickid", "{{click_id}}", "Affise's click id, 24 characters"),
            .sent("sum", "{{payout}}", "what the conversion pays"),
            .sent("status", "<status>", "the status of the conversion"),
            .sent("secure", "<key>", "sent when key is entered"),
            .optional("action_id", "{{event_id}}", "the conversion's own number"),
            .optional("goal", "{{type}}", "the goal, in any case"),
            .optional("ip", "{{ip}}", "the address of the user"),
            .optional("comment", "a note"),
            .optional("custom_field1..custom_field7", "your own parameters"),
        ],
        statuses: [.approved: "1", .pending: "2", .rejected: "3", .hold: "5", .reversed: "3"],
        success: TrackerAnswer(json: .init(pointer: "/status", value: "2", isNegated: true)),
        duplicate: TrackerAnswer(bodyContains: ["Conversion exists"]),
        notes: [
            "It answers 200 always, before it looks: what it refuses stands in its own log only. Its older answer with"
                + " status 2 means accepted but not registered, and is taken as a rejection.",
            "Only a pending conversion may change its status.",
            "The numbers of the statuses are those of Affise's own macro {status}.",
        ],
        sources: ["https://help-center.affise.com (5981387, 6476587, 6655842)"],
        isVerified: true
    )
}
