extension Tracker {
    static let mobideaTracker = Tracker(
        name: "mobidea",
        title: "Mobidea's tracking tool",
        otherNames: ["mobidea-tracker", "mobidea-tracking-tool"],
        address: "<scheme>://<domain>/<path>",
        inputs: ownAddressInputs(domain: "abc.mobidea.example"),
        parameters: ownAddressParameters,
        notes: [
            "No page that shows the postback URL of Mobidea's own tool was found: enter path and names as your account"
                + " shows them."
        ],
        isVerified: false
    )

    /// What a publisher copies from his account where no page shows the tracker's URL.
    static func ownAddressInputs(domain: String) -> [TrackerInput] {
        [
            .domain(example: domain),
            .scheme(usual: "https"),
            .optional("path", .path, "the path of your postback URL", example: "postback"),
            .required("click_id_parameter", .word, "the parameter that takes the click id", example: "clickid"),
            .optional("payout_parameter", .word, "the parameter that takes the payout", example: "payout"),
            .optional("currency_parameter", .word, "the parameter that takes its currency", example: "currency"),
            .optional("status_parameter", .word, "the parameter that takes the status", example: "status"),
            .optional(
                "transaction_parameter",
                .word,
                "the parameter that takes the conversion's own number",
                example: "txid"
            ),
        ]
    }

    static var ownAddressParameters: [TrackerParameter] {
        [
            .required("<click_id_parameter>", "{{click_id}}", "the tracker's click id"),
            .sent("<payout_parameter>", "{{payout}}", "what the conversion pays; sent when its name is entered"),
            .sent("<currency_parameter>", "{{currency}}", "its currency; sent when its name is entered"),
            .sent("<status_parameter>", "<status>", "the status; sent when its name is entered"),
            .sent("<transaction_parameter>", "{{event_id}}", "the conversion's number; sent when its name is entered"),
        ]
    }
}
