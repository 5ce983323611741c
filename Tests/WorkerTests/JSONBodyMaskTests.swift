import Testing
import Worker

@Suite struct JSONBodyMaskTests {
    @Test(
        arguments: [
            (#"{"token":"abc"}"#, #"{"token":"***"}"#),
            (#"{"token" : "a\"b\\", "x":1}"#, #"{"token" : "***", "x":1}"#),
            (#"{"a":{"token":12.5},"b":[{"token":true}]}"#, #"{"a":{"token":"***"},"b":[{"token":"***"}]}"#),
            (#"{"token":{"id":"abc","token":null}}"#, #"{"token":{"id":"abc","token":"***"}}"#),
            (#"{"token":["abc"]}"#, #"{"token":["abc"]}"#),
            (#"{"x":"token","y":"\"token\":\"abc\""}"#, #"{"x":"token","y":"\"token\":\"abc\""}"#),
            (#"{"token":"{{ click_id | default:"none" }}-x","y":"z"}"#, #"{"token":"***","y":"z"}"#),
            (
                #"{"token":{{ payout }},"y":{{ payout | default:"token" }}}"#,
                #"{"token":"***","y":{{ payout | default:"token" }}}"#
            ),
            (#"{"token":"#, #"{"token":"#), (#"{"token":"abc"#, #"{"token":"***""#), (#"{"tok"#, #"{"tok"#), ("", ""),
            ("{\n  \"token\":\n  \"é€\"\n}", "{\n  \"token\":\n  \"***\"\n}"),
        ]
    )
    func `Values behind secret names are hidden, and nothing else changes`(text: String, shown: String) {
        #expect(JSONBodyMask.text(text) { $0 == "token" } == shown)
    }

    @Test func `Without secret names every text stays as it is`() {
        for text in [#"{"a":"b","c":[1,{"d":"\\\""}]}"#, "\"", "{{", "[\"{{\"]", "é\u{0}"] {
            #expect(JSONBodyMask.text(text) { _ in false } == text)
        }
    }
}
