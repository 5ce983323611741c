extension Tracker {
    static let funnelFluxPro = Tracker(
        name: "funnelflux-pro",
        title: "FunnelFlux Pro",
        otherNames: ["funnelflux", "funnel-flux"],
        address: "https://<domain>/pb/",
        inputs: [.domain(example: "track.example.com")],
        parameters: [
            .required("hit", "{{click_id}}", "FunnelFlux's hit id"),
            .sent("tx", "{{event_id}}", "the conversion's own number"),
            .sent("rev", "{{payout}}", "what the conversion pays"),
        ],
        notes: [
            "It takes no status: add when: { statuses: [approved] } if the others must not count.",
            "That a hit counts once for each tx is concluded from FunnelFlux's page about updates, not said there.",
            "The answer to an unknown or a repeated hit is not documented.",
        ],
        sources: [
            "https://help.funnelflux.pro/en/article/tracking-conversions-1vtfnp5/",
            "https://help.funnelflux.pro (updating conversion data)",
        ],
        isVerified: true
    )
}
