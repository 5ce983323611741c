extension Tracker {
    static let redTrack = Tracker(
        name: "redtrack",
        title: "RedTrack",
        otherNames: ["red-track"],
        address: "https://<domain>/postback",
        inputs: [.domain(example: "abc.rdtk.example")],
        parameters: [
            .required("clickid", "{{click_id}}", "RedTrack's click id"),
            .sent("sum", "{{payout}}", "what the conversion pays"),
            .optional("type", "{{type}}", "the conversion type; case-sensitive, and must exist in RedTrack's settings"),
            .optional("status", "<status>", "the status of the conversion"),
            .optional("rdtk_event_id", "{{event_id}}", "a number by which RedTrack can ignore a repetition"),
        ],
        notes: [
            "Six ways of treating a repeated conversion can be set in RedTrack; a conversion type's own setting wins.",
            "sum and status are what public programs send; the page for them was not seen.",
        ],
        sources: ["https://help.redtrack.io (duplicate postback settings, tracking event types)"],
        isVerified: true
    )
}
