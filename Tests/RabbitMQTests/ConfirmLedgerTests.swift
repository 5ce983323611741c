import RabbitMQ
import TestSupport
import Testing

@Suite struct ConfirmLedgerTests {
    private func outcomes(_ results: [PublishResult]) -> [UInt64: PublishOutcome] {
        Dictionary(results.map { ($0.token, $0.outcome) }) { first, _ in first }
    }

    @Test func `Tags count from one; single, multiple and zero answers name the right messages`() {
        var ledger = ConfirmLedger()
        var results: [PublishResult] = []
        #expect(ledger.nextTag == 1)
        for token in UInt64(100)..<110 { ledger.published(token: token) }
        #expect(ledger.nextTag == 11)
        #expect(ledger.count == 10)
        ledger.answered(tag: 3, multiple: false, positively: true, into: &results)
        ledger.answered(tag: 5, multiple: true, positively: true, into: &results)
        ledger.answered(tag: 6, multiple: false, positively: false, into: &results)
        #expect(results.map(\.token) == [102, 100, 101, 103, 104, 105])
        #expect(results.map(\.outcome) == [.confirmed, .confirmed, .confirmed, .confirmed, .confirmed, .refused])
        results = []
        // Tag 0 with `multiple` means all so far.
        ledger.answered(tag: 0, multiple: true, positively: true, into: &results)
        #expect(results.map(\.token) == [106, 107, 108, 109])
        #expect(ledger.count == 0)
        #expect(ledger.nextTag == 11)
    }

    @Test func `A message that came back is returned, though it is acknowledged`() {
        var ledger = ConfirmLedger()
        var results: [PublishResult] = []
        for token in UInt64(1)...3 { ledger.published(token: token) }
        ledger.returned(tag: 2, reason: "NO_ROUTE")
        ledger.returned(tag: 2, reason: "again")
        #expect(ledger.count == 3)
        ledger.answered(tag: 3, multiple: true, positively: true, into: &results)
        #expect(outcomes(results) == [1: .confirmed, 2: .returned("NO_ROUTE"), 3: .confirmed])
    }

    @Test func `With the channel goes the knowledge, but not of what came back`() {
        var ledger = ConfirmLedger()
        var results: [PublishResult] = []
        for token in UInt64(1)...3 { ledger.published(token: token) }
        ledger.returned(tag: 3, reason: "NO_ROUTE")
        ledger.answered(tag: 2, multiple: false, positively: true, into: &results)
        ledger.lost(reason: "cut", into: &results)
        #expect(outcomes(results) == [1: .unknown("cut"), 2: .confirmed, 3: .returned("NO_ROUTE")])
        #expect(results.count == 3)
        #expect(ledger.count == 0)
        #expect(ledger.nextTag == 1)
    }

    @Test(arguments: [0, 4, 5, .max] as [UInt64], [true, false])
    func `Answers to what was never sent, or answered before, settle nothing`(tag: UInt64, positively: Bool) {
        var ledger = ConfirmLedger()
        var results: [PublishResult] = []
        for token in UInt64(1)...3 { ledger.published(token: token) }
        ledger.answered(tag: 3, multiple: true, positively: true, into: &results)
        results = []
        ledger.answered(tag: tag, multiple: false, positively: positively, into: &results)
        ledger.answered(tag: tag, multiple: true, positively: positively, into: &results)
        ledger.answered(tag: 1, multiple: false, positively: positively, into: &results)
        ledger.returned(tag: tag, reason: "?")
        #expect(results.isEmpty)
        ledger.published(token: 9)
        ledger.answered(tag: 4, multiple: false, positively: true, into: &results)
        #expect(results == [PublishResult(token: 9, outcome: .confirmed)])
    }

    /// Against a naive list of what is out.
    @Test(arguments: 0..<40)
    func `Random answers: every message has exactly one outcome, and the right one`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ledger = ConfirmLedger()
        var waiting: [(tag: UInt64, token: UInt64, reason: String?)] = []
        var expected: [UInt64: PublishOutcome] = [:]
        var results: [PublishResult] = []
        var (tag, token) = (UInt64(0), UInt64(0))

        func settle(_ answered: [UInt64], _ positively: Bool) {
            for entry in waiting where answered.contains(entry.tag) {
                expected[entry.token] = entry.reason.map { .returned($0) } ?? (positively ? .confirmed : .refused)
            }
            waiting.removeAll { answered.contains($0.tag) }
        }

        for _ in 0..<3000 {
            switch Int.random(in: 0..<100, using: &generator) {
            case ..<45:
                (tag, token) = (tag + 1, token + 1)
                ledger.published(token: token)
                waiting.append((tag, token, nil))
            case ..<80:
                guard let answered = waiting.randomElement(using: &generator)?.tag else { break }
                let positively = Int.random(in: 0..<4, using: &generator) > 0
                ledger.answered(tag: answered, multiple: false, positively: positively, into: &results)
                settle([answered], positively)
            case ..<90:
                let answered = UInt64.random(in: 0...tag, using: &generator)
                let positively = Bool.random(using: &generator)
                ledger.answered(tag: answered, multiple: true, positively: positively, into: &results)
                settle(waiting.map(\.tag).filter { $0 <= answered || answered == 0 }, positively)
            case ..<99:
                guard let index = waiting.indices.randomElement(using: &generator) else { break }
                ledger.returned(tag: waiting[index].tag, reason: "no route")
                waiting[index].reason = "no route"
            default:
                ledger.lost(reason: "cut", into: &results)
                for entry in waiting { expected[entry.token] = entry.reason.map { .returned($0) } ?? .unknown("cut") }
                waiting = []
                tag = 0
            }
            if ledger.count != waiting.count { Issue.record("\(ledger.count) out, not \(waiting.count)") }
            if ledger.nextTag != tag + 1 { Issue.record("the next tag is \(ledger.nextTag), not \(tag + 1)") }
        }
        #expect(results.count == expected.count)
        #expect(outcomes(results) == expected)
    }
}
