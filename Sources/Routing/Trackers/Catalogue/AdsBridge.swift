extension Tracker {
    static let adsBridge = Tracker(
        name: "adsbridge",
        title: "AdsBridge",
        otherNames: ["ads-bridge"],
        address: "<scheme>://<domain>/<path>/trackpixel/track",
        inputs: [
            .domain(example: "abc.adsbtrk.example"),
            .scheme(usual: "http"),
            .optional(
                "path",
                .path,
                "what stands before /trackpixel, if your account lives under a path",
                example: "my"
            ),
        ],
        parameters: [
            .required("tid", "{{click_id}}", "AdsBridge's click id"),
            .sent("amt", "{{payout|round:4}}", "what the conversion pays; a point, and at most 4 decimals"),
            .optional("txid", "{{event_id}}", "the number of a sale, for offers of the kind CPS"),
        ],
        notes: [
            "The page shows http and tid; amt and txid are what public programs send.",
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "The answer to an unknown or a repeated click is not documented.",
        ],
        sources: ["https://adsbridge.com/guide/user-menu/", "https://adsbridge.com/guide/edit-conversion/"],
        isVerified: true
    )
}
