extension Tracker {
    static let rollerAds = Tracker(
        name: "rollerads",
        title: "RollerAds",
        otherNames: ["roller", "roller-ads"],
        address: "https://eu.rollerads.com/conversion/{{click_id}}/aid/<account>/<key>",
        inputs: [
            .required("account", .number, "the number behind /aid/ in your postback URL", example: "12345"),
            .required("key", .word, "what stands behind that number", example: "0a1b2c3d4e5f").kept,
        ],
        parameters: [],
        notes: ["The click id stands in the path.", "Read from public programs, not from a page of RollerAds."],
        isVerified: false
    )
}
