extension Tracker {
    static let zeropark = Tracker(
        name: "zeropark",
        title: "Zeropark",
        address: "<scheme>://zp-postback.com/zppostback/<account>",
        inputs: [
            .required(
                "account",
                .uuid,
                "the id of your account, as its postback URL shows it",
                example: "0f8fad5b-d9cb-469f-a165-70867728950e"
            ), .scheme(usual: "http"),
        ],
        parameters: [.required("cid", "{{click_id}}", "Zeropark's click id")],
        notes: ["Read from public programs, not from a page of Zeropark."],
        isVerified: false
    )
}
