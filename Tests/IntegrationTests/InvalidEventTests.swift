import TestSupport
import Testing

/// What is no conversion event.
@Suite(.heavy, .timeLimit(Patience.limit))
struct InvalidEventTests {
    /// A body, and the JSON path that the dead letter must name.
    private static let malformed: [(body: [UInt8], path: String)] = [
        ([], "$"), (Array("{".utf8), "$"), (Array("not json".utf8), "$"), (Array("[]".utf8), "$"),
        ([0xFF, 0xFE, 0x00], "$"), (Array(#"{"publisher_id":"1"}"#.utf8), "id"),
        (Array(#"{"id":"","publisher_id":"1"}"#.utf8), "id"), (Array(#"{"id":"a"}"#.utf8), "publisher_id"),
        (Array(#"{"id":7,"publisher_id":"1"}"#.utf8), "id"),
        (Array(#"{"id":"a","publisher_id":"1","payout":{"amount":"x","currency":"EUR"}}"#.utf8), "payout.amount"),
        (Array(#"{"id":"a","publisher_id":"1","occurred_at":"yesterday"}"#.utf8), "occurred_at"),
        (Array(#"{"id":"a","publisher_id":"1","sub_ids":{"s":[]}}"#.utf8), "sub_ids.s"),
        (Array(#"{"id":"a","publisher_id":"1"} {}"#.utf8), "$"),
        (Array((#"{"id":"a","publisher_id":"1","x":""# + String(repeating: "y", count: 257 << 10) + "\"}").utf8), "$"),
        (Array(String(repeating: "[", count: 5000).utf8), "$"),
    ]

    @Test("every kind of malformed body is dead-lettered as it came, with the JSON path of the fault")
    func kinds() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            try scenario.publish(Self.malformed.map { TestMessage($0.body) } + [Conversions.message("good")])
            let letters = try scenario.deadLetters(Self.malformed.count)
            for (body, path) in Self.malformed {
                let text = String(decoding: body.prefix(80), as: UTF8.self)
                let letter = try #require(letters.first { $0.body == body }, "\(text)")
                #expect(letter.text("x-postback-reason") == "invalid_event", "\(text)")
                let error = try #require(letter.text("x-postback-last-error"), "\(text)")
                #expect(error.contains(path), "\(text): \(error)")
                #expect(letter.headers?["x-postback-route"] == nil)
            }
            try scenario.waitForRequests(1)
            #expect(try worker.metric(#"dead_letters_total{reason="invalid_event"}"#) == Self.malformed.count)
            #expect(try worker.metric(#"events_total{outcome="invalid"}"#) == Self.malformed.count)
        }
    }

    @Test("1,000 malformed bodies among 1,000 good ones lose none of either, and a second such round takes no memory")
    func thousands() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            try round("first", scenario, worker)
            let before = worker.residentBytes
            try round("second", scenario, worker)
            let after = worker.residentBytes
            print("memory: \(before / 1024) KiB after the first round, \(after / 1024) KiB after the second")
            #expect(before > 0)
            #expect(after - before < 10 << 20)
        }
    }

    private func round(_ name: String, _ scenario: Scenario, _ worker: WorkerUnderTest) throws {
        let seen = try scenario.tracker.total()
        var messages: [TestMessage] = []
        var bad: Set<[UInt8]> = []
        for number in 0..<1000 {
            // 3 KiB each, broken at a place of its own.
            let padding = String(repeating: "p", count: 3000 + number)
            let body = Array(#"{"id":"\#(name)-\#(number)","publisher_id":"1","x":"\#(padding)","click_id":}"#.utf8)
            bad.insert(body)
            messages.append(TestMessage(body))
            messages.append(Conversions.message("\(name)-good-\(number)"))
        }
        try scenario.publish(messages)
        let letters = try scenario.deadLetters(1000, within: 60)
        #expect(letters.count == 1000)
        #expect(Set(letters.map(\.body)) == bad)
        #expect(letters.allSatisfy { $0.text("x-postback-reason") == "invalid_event" })
        // On a starved machine some wait on the ladder for a minute: nothing of them is lost.
        try scenario.waitForRequests(seen + 1000, within: 180)
        try eventually("everything is settled") { try worker.metric("messages_unacknowledged") == 0 }
        #expect(try scenario.tracker.total() == seen + 1000)
    }
}
