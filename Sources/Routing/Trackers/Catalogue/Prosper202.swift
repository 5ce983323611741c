extension Tracker {
    static let prosper202 = Tracker(
        name: "prosper202",
        title: "Prosper202",
        otherNames: ["tracking202", "prosper"],
        address: "<scheme>://<domain>/<path>/tracking202/static/gpb.php",
        inputs: [
            .domain(example: "track.example.com"),
            .scheme(usual: "https"),
            .optional("path", .path, "the folder of your installation, if it has one", example: "p202"),
        ],
        parameters: [
            .required("subid", "{{click_id}}", "Prosper202's click id, a number"),
            .sent("amount", "{{payout}}", "what the conversion pays, a number"),
        ],
        notes: [
            "It answers 202 with JSON when the click is known (an empty 200 or HTML with some settings), and 404 when it"
                + " is not.",
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
        ],
        sources: ["https://github.com/tracking202/prosper202 (gpb.php)"],
        isVerified: true
    )
}
