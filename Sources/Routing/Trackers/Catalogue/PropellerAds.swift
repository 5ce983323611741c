extension Tracker {
    static let propellerAds = Tracker(
        name: "propellerads",
        title: "PropellerAds",
        otherNames: ["propeller", "propeller-ads"],
        address: "<scheme>://ad.propellerads.com/conversion.php",
        inputs: [
            .required("aid", .word, "what the postback URL of your account shows for aid", example: "1234567"),
            .required("pid", .word, "what it shows for pid", example: "12345"),
            .required("tid", .word, "what it shows for tid", example: "67890"),
            .scheme(usual: "http"),
        ],
        parameters: [
            .required("aid", "<aid>", "of your account"),
            .required("pid", "<pid>", "of your account"),
            .required("tid", "<tid>", "of your account"),
            .required("visitor_id", "{{click_id}}", "what PropellerAds put on the link for ${SUBID}"),
        ],
        notes: ["Read from public programs and a tracker's guide, not from a page of PropellerAds."],
        sources: ["https://docs.bemob.com"],
        isVerified: false
    )
}
