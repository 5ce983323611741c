import Letters
import Testing

struct LetterTests {
    @Test("a letter is read from its headers and its event")
    func whole() {
        let letter = LettersTests.letter(rejectedBody, rejected)
        #expect(letter.reason == "rejected" && letter.status == 503 && letter.attempts == 3)
        #expect(letter.route == "1001/offers/5512/default" && letter.host == "track.example.com")
        #expect(letter.eventID == "ev-1" && letter.publisher == "1001" && letter.offer == "5512")
        #expect(letter.smartlink == "77" && letter.isEvent)
        #expect(letter.failedAt == 1_795_676_400_000)
    }

    private var rejectedBody: String {
        #"{"id":"ev-1","publisher_id":1001,"offer_id":"5512","smartlink_id":"77","click_id":"c"}"#
    }

    @Test("a letter that the broker made counts as poison")
    func poison() {
        let letter = LettersTests.letter(headers: [
            ("x-first-death-reason", .text("delivery_limit")), ("x-death", .other),
        ])
        #expect(letter.reason == "poison" && letter.failedAt == nil && letter.route == nil && letter.eventID == "ev-1")
    }

    @Test(
        "what is no event is read as far as it goes",
        arguments: [
            (#"{"id":"ev-9","publisher_id":"7","payout":3}"#, "ev-9", "7"),
            (#"{"id":17,"publisher_id":null}"#, "17", "1001"),
            ("not json", nil, "1001"), ("", nil, "1001"), (#"["id"]"#, nil, "1001"),
        ] as [(String, String?, String?)]
    )
    func invalid(body: String, id: String?, publisher: String?) {
        let letter = LettersTests.letter(body, rejected)
        #expect(!letter.isEvent && letter.eventID == id && letter.publisher == publisher)
    }

    @Test(
        "the host comes from the URL, else from the template",
        arguments: [
            ("https://a.example/x", "a.example"), ("http://u:p@b.example:80/x", "b.example"),
            ("http://[::1]:80/", "[::1]"),
            ("http://c.example", "c.example"), ("http://D.example?x=http://e", "d.example"), ("nonsense", nil),
        ] as [(String, String?)]
    )
    func host(url: String, host: String?) {
        #expect(LettersTests.letter(headers: [("x-postback-url", .text(url))]).host == host)
        #expect(LettersTests.letter(headers: [("x-postback-template", .text(url))]).host == host)
    }
}

func letter(headers: [(name: String, value: LetterValue)]) -> Letter {
    letter(#"{"id":"ev-1","publisher_id":"1001","click_id":"c"}"#, headers)
}
