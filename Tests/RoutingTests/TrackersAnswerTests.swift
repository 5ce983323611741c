import Testing

@testable import Routing

@Suite("The answers of trackers")
struct TrackersAnswerTests {
    @Test(
        "Affise has not registered what it answers with the status 2, and nothing else",
        arguments: [
            ("{\"status\":1}", true), ("{\"status\":2}", false), ("{\"status\": 2, \"message\": \"x\"}", false),
            ("{\"status\":\"2\"}", false), ("{\"status\":200}", true), ("{\"status\":20}", true),
            ("{\"status\":{\"status\":2}}", true), ("{\"code\":\"status\",\"x\":2}", true), ("OK", true), ("", true),
            ("status 2 of 2", true),
        ]
    )
    func affise(body: String, isDelivered: Bool) throws {
        let postback = try Fixture.postback(yaml: "tracker: affise\ndomain: a.example.com\n# url:")
        let rules = try #require(postback.answerRules)
        let answer = rules.judge(status: 200, body: Array(body.utf8), bodyIsComplete: true)
        #expect((answer == .delivered) == isDelivered, "\(answer)")
        if !isDelivered {
            #expect("\(answer)".contains("/status"))
        }
    }

    @Test("differs waits for the whole body where the value may still come")
    func cutOff() throws {
        let postback = try Fixture.postback(yaml: "success: { json: { pointer: /a, differs: 1 } }")
        let rules = try #require(postback.answerRules)
        let answer = rules.judge(status: 200, body: Array("{\"b\":2,".utf8), bodyIsComplete: false)
        guard case .rejected(let reason) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(reason.contains("was cut off before /a"))
    }

    @Test("json has one of equals and differs", arguments: ["", ", equals: 1, differs: 2"])
    func one(values: String) throws {
        #expect(
            try Fixture.errors(
                ofPostback: "url: 'https://a.example/{{click_id}}'\nsuccess: { json: { pointer: /a\(values) } }"
            ).count == 1
        )
    }

    @Test("a failure of the server stays one, whatever the success rule says of its body")
    func serverFault() throws {
        let rules = try #require(Fixture.postback(yaml: "success: { body_contains: OK }").answerRules)
        #expect(rules.judge(status: 500, body: Array("OK".utf8), bodyIsComplete: true) == .byStatus)
        #expect(rules.judge(status: 404, body: Array("OK".utf8), bodyIsComplete: true) == .byStatus)
    }
}
