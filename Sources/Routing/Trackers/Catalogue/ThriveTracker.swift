extension Tracker {
    static let thriveTracker = Tracker(
        name: "thrivetracker",
        title: "ThriveTracker",
        otherNames: ["thrive"],
        address: "<scheme>://<domain>/<path>",
        inputs: ownAddressInputs(domain: "abc.thrive.example"),
        parameters: ownAddressParameters,
        notes: [
            "No page that shows ThriveTracker's postback URL was found: enter path and names as your account shows them."
        ],
        isVerified: false
    )
}
