import Letters
import Testing

/// What the log tells about an interrupted replay.
struct ReplayEvidenceTests {
    private let route: (name: String, value: LetterValue) = ("x-postback-route", .text("1/g/d"))
    private let other = "20261126T090000Z-0001"

    private func evidence(frozen: Int, _ records: [String]) -> ReplayEvidence {
        var evidence = ReplayEvidence(id: "r", startedAt: 1_000_000)
        evidence.add(Array(#"{"kind":"audit","action":"replay","id":"r","counts":{"frozen":\#(frozen)}}"#.utf8))
        for record in records { evidence.add(Array(record.utf8)) }
        return evidence
    }

    private func delivery(_ event: String, replay: String = "r", end: String = "delivered") -> String {
        #"{"kind":"attempt","event_id":"\#(event)","route":"1/g/d","end":"\#(end)","replay":"\#(replay)"}"#
    }

    private func dead(_ event: String, click: String = "c") -> Letter {
        letter(#"{"id":"\#(event)","publisher_id":"1","click_id":"\#(click)"}"#, [route])
    }

    @Test("letters that are gone and not known yet are told; doubles are what is known beyond what is gone")
    func compare() {
        var early = evidence(frozen: 10, [delivery("e1"), delivery("e2")])
        let missing = early.compare(still: 7)
        #expect(missing == 1, "three are gone, two are known")
        var late = evidence(frozen: 10, (1...4).map { delivery("e\($0)") })
        let none = late.compare(still: 7)
        let taken = ["e1", "e2"].map { late.take(dead($0)) }
        #expect(none == 0 && taken == [true, false], "there is one double only")
    }

    @Test("a letter that was never replayed stays, though another of its event and route was")
    func twins() {
        var none = evidence(frozen: 2, [delivery("e1")])
        _ = none.compare(still: 1)
        let isTaken = none.take(dead("e1", click: "second"))
        #expect(!isTaken)
        var one = evidence(frozen: 2, [delivery("e1"), delivery("e1")])
        _ = one.compare(still: 2)
        let taken = [one.take(dead("e1")), one.take(dead("e1", click: "second"))]
        #expect(taken == [true, false], "the same record twice is one delivery")
    }

    @Test("what others took out since is not missed")
    func others() {
        var evidence = evidence(
            frozen: 10,
            [
                delivery("e1"), delivery("e2", replay: other), delivery("e2", replay: other),
                #"{"kind":"audit","action":"discard","id":"d","counts":{"frozen":8,"discarded":0}}"#,
                #"{"kind":"audit","action":"discard","id":"d","counts":{"frozen":8,"discarded":3}}"#,
            ]
        )
        let missing = [5, 4].map { evidence.compare(still: $0) }
        #expect(missing == [0, 1])
    }

    @Test("an event without a route is known by any of its deliveries; what is no event is never taken out")
    func unrouted() {
        var evidence = evidence(frozen: 3, [delivery("e1"), #"{"kind":"not_sent","end":"dead_letter","replay":"r"}"#])
        #expect(evidence.known == 2)
        _ = evidence.compare(still: 3)
        let event = #"{"id":"e1","publisher_id":"1"}"#
        let taken = ["no event", event, event].map { evidence.take(letter($0)) }
        #expect(taken == [false, true, false])
    }

    @Test("a replay that ended by itself is complete unless it left something in doubt")
    func complete() {
        func last(_ counts: String) -> String { #"{"kind":"audit","action":"replay","id":"r","counts":{\#(counts)}}"# }
        #expect(!evidence(frozen: 1, []).isComplete)
        #expect(evidence(frozen: 1, [last(#""replayed":1,"unknown":0"#)]).isComplete)
        #expect(!evidence(frozen: 1, [last(#""replayed":1,"unknown":1"#)]).isComplete)
        #expect(!evidence(frozen: 1, [last(#""replayed":1,"unknown":0,"in_doubt":1"#)]).isComplete)
        var unknown = ReplayEvidence(id: "r", startedAt: 0)
        unknown.add(Array(delivery("e1").utf8))
        #expect(unknown.frozen == nil)
    }
}
