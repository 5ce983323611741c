import Testing

@testable import sample_tracker

@Suite struct BehaviourTests {
    private func behaviour(_ path: String, _ query: String = "") -> Behaviour {
        let bytes = Array(query.utf8)
        return Behaviour(path: Array(path.utf8)[...], query: QueryPairs(bytes, in: bytes.indices))
    }

    @Test(arguments: ["/", "/postback", "/status", "/status/abc", "/statuses/503", "/x/status/503", ""])
    func `A path that says nothing of ours gets the plain answer`(path: String) {
        #expect(behaviour(path) == Behaviour())
    }

    @Test(arguments: [
        "status=approved", "status=100", "status=999", "status=", "delay=2", "delay=-1s", "delay=61m", "retry_after=x",
        "reset=0", "close=", "slow=2", "big=-1", "headers=99999999999", "fail_first=two", "location=a%0Ab",
        "x=status=503",
    ])
    func `A value that makes no sense is a tracker's own parameter`(query: String) {
        #expect(behaviour("/", query) == Behaviour())
    }

    @Test(arguments: [("1500ms", 1500), ("2s", 2000), ("1m", 60_000), ("0s", 0)])
    func `A delay is written with its unit`(text: String, milliseconds: Int) {
        #expect(behaviour("/", "delay=\(text)").delay == milliseconds)
        #expect(behaviour("/delay/\(text)/x").delay == milliseconds)
    }

    @Test(arguments: [
        ("reset", Behaviour.Ending.reset), ("close", .close), ("hang", .hang), ("garbage", .garbage), ("short", .short),
        ("half", .half),
    ])
    func `Each way not to answer is a word of the path and of the query`(word: String, ending: Behaviour.Ending) {
        #expect(behaviour("/\(word)").ending == ending)
        #expect(behaviour("/\(word)/more").ending == ending)
        #expect(behaviour("/", "cid=1&\(word)=1").ending == ending)
    }

    @Test func `Words of the path follow each other, and the query wins`() {
        let found = behaviour("/delay/2s/status/503/retry-after/7/x/status/404", "delay=1s")
        #expect(found.delay == 1000)
        #expect(found.status == 503)
        #expect(found.retryAfter == .seconds(7))
    }

    @Test func `Texts are percent-decoded`() {
        let found = behaviour(
            "/",
            "body=%7B%22a%22:1%7D&content_type=application/json&location=http://h/%3Fa&retry_after=date%3A5"
        )
        #expect(found.body == Array(#"{"a":1}"#.utf8))
        #expect(found.contentType == Array("application/json".utf8))
        #expect(found.location == Array("http://h/?a".utf8))
        #expect(found.retryAfter == .date(5))
    }

    @Test func `The rest of the words set their fields`() {
        let found = behaviour("/fail-first/3/big/10/headers/20/close-after", "slow=body")
        #expect(found.failFirst == 3)
        #expect(found.bigBody == 10)
        #expect(found.extraHeader == 20)
        #expect(found.closesAfter)
        #expect(found.pace == .slowBody)
        #expect(behaviour("/slow").pace == .slow)
    }
}
