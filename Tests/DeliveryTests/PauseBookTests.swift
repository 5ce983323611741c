import Delivery
import TestSupport
import Testing

@Suite struct PauseBookTests {
    private func record(_ kind: PauseRecord.Kind, _ route: String, at: Int64, since: Int64? = nil) -> PauseRecord {
        var record = PauseRecord(kind, route: route, at: at)
        record.since = since
        return record
    }

    @Test func `The latest pause or resumption counts, whatever order they come in`() {
        var book = PauseBook()
        #expect(book.apply(record(.paused, "a", at: 10)) == true)
        #expect(book.apply(record(.resumed, "a", at: 9)) == false, "of another machine, later in the stream, but older")
        #expect(book.paused["a"] != nil)
        #expect(book.apply(record(.resumed, "a", at: 11)) == true)
        #expect(book.apply(record(.paused, "a", at: 10)) == false)
        #expect(book.paused.isEmpty)
    }

    @Test func `Of two that report a failing route the earlier start counts, until it recovers`() {
        var book = PauseBook()
        book.apply(record(.failing, "a", at: 50, since: 20))
        book.apply(record(.failing, "a", at: 60, since: 10))
        book.apply(record(.failing, "a", at: 70, since: 30))
        #expect(book.failing["a"]?.since == 10)
        #expect(book.failing["a"]?.at == 50, "known since the first of them told it")
        book.apply(record(.recovered, "a", at: 80))
        #expect(book.failing.isEmpty)
        #expect(book.apply(record(.failing, "a", at: 90, since: 75)) == false, "from before the recovery")
        #expect(book.apply(record(.failing, "a", at: 100, since: 85)) == true)
    }

    @Test func `A resumption starts afresh`() {
        var book = PauseBook()
        book.apply(record(.failing, "a", at: 50, since: 20))
        book.apply(record(.paused, "a", at: 60))
        book.apply(record(.resumed, "a", at: 70))
        #expect(book.failing.isEmpty && book.paused.isEmpty)
    }

    @Test(arguments: 0..<50)
    func `Written again in any place, records change nothing, and a snapshot makes the same book`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var book = PauseBook()
        var records: [PauseRecord] = []
        for _ in 0..<200 {
            let at = Int64.random(in: 0...1000, using: &generator)
            let kinds: [PauseRecord.Kind] = [.failing, .recovered, .paused, .resumed, .started, .snapshot]
            let next = record(
                kinds.randomElement(using: &generator) ?? .failing,
                ["a", "b", "c"].randomElement(using: &generator) ?? "a",
                at: at,
                since: Bool.random(using: &generator) ? Int64.random(in: 0...at, using: &generator) : nil
            )
            records.append(next)
            book.apply(next)
            var again = book
            for record in book.records where again.apply(record) {
                Issue.record("\(record) changed the book it is from")
            }
            var fresh = PauseBook()
            for record in book.records { fresh.apply(record) }
            #expect(fresh.paused == book.paused && fresh.failing == book.failing)
        }
        // Of pauses and resumptions alone, also the order does not matter as long as no two have the same time.
        let decisions = records.filter { $0.kind == .paused || $0.kind == .resumed }
        var times: Set<Int64> = []
        let distinct = decisions.filter { times.insert($0.at).inserted }
        var forwards = PauseBook()
        var backwards = PauseBook()
        for record in distinct { forwards.apply(record) }
        for record in distinct.reversed() { backwards.apply(record) }
        #expect(forwards.paused == backwards.paused)
    }
}
