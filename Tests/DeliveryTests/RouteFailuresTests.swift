import Delivery
import Testing

@Suite struct RouteFailuresTests {
    private let route = Array("1/global/default".utf8)
    private let policy = PausePolicy(after: 1000, failures: 3)

    /// That has read the stream, which is empty.
    private func informed() -> RouteFailures {
        var failures = RouteFailures(policy)
        failures.update(paused: [], failing: [:])
        return failures
    }

    private func fail(_ failures: inout RouteFailures, at now: Int64) -> PauseRecord? {
        failures.failed(route, .init(startedAt: now - 5, status: 500, error: "status 500"), now: now)
    }

    @Test func `It tells when a row is long enough, once, and asks for a pause when that has lasted`() throws {
        var failures = informed()
        var book = PauseBook()
        #expect(failures.isQuiet)
        #expect(fail(&failures, at: 100) == nil)
        #expect(fail(&failures, at: 200) == nil)
        let first = try #require(fail(&failures, at: 300))
        #expect(first.kind == .failing && first.since == 95 && first.failures == 3 && first.lastStatus == 500)
        #expect(fail(&failures, at: 350) == nil, "it is on its way")
        failures.learn(&book, first)
        #expect(fail(&failures, at: 400) == nil)
        #expect(fail(&failures, at: 1299) == nil)
        let last = try #require(fail(&failures, at: 1300))
        #expect(last.kind == .paused && last.since == 95 && last.failures == 7 && last.route == "1/global/default")
        #expect(!failures.isPaused(route), "not before it has come back from the stream")
        #expect(fail(&failures, at: 2000) == nil)
        failures.learn(&book, last)
        #expect(failures.isPaused(route))
        #expect(fail(&failures, at: 70_000) == nil, "what was under way is not told again")
    }

    @Test func `Long but few, or many but short, is not enough`() {
        var failures = informed()
        #expect(fail(&failures, at: 100) == nil)
        #expect(fail(&failures, at: 5000) == nil)
        failures = informed()
        for now in 100..<999 { #expect(fail(&failures, at: Int64(now))?.kind != .paused) }
    }

    @Test func `A success ends the row, and is told only when the row was`() {
        var failures = informed()
        _ = fail(&failures, at: 100)
        #expect(failures.succeeded(route, now: 200) == nil)
        #expect(failures.isQuiet)
        for now in [300, 400, 500] { _ = fail(&failures, at: Int64(now)) }
        #expect(failures.succeeded(route, now: 600)?.kind == .recovered)
        #expect(failures.isQuiet)
    }

    @Test func `After a restart what all workers know goes on`() {
        var failures = RouteFailures(policy)
        failures.update(paused: [], failing: [route: .init(since: 40, knownSince: 50)])
        #expect(fail(&failures, at: 500) == nil)
        #expect(fail(&failures, at: 1050)?.kind == .paused)
        #expect(failures.succeeded(route, now: 1100)?.kind == .recovered, "the first delivery of another worker tells")
    }

    @Test func `When it is resumed it is counted anew`() {
        var failures = informed()
        failures.update(paused: [route], failing: [route: .init(since: 40, knownSince: 50)])
        #expect(failures.isPaused(route) && failures.hasPauses)
        failures.update(paused: [], failing: [:], recovered: [route: 1550])
        #expect(!failures.isPaused(route) && !failures.hasPauses)
        #expect(fail(&failures, at: 1600) == nil)
        #expect(fail(&failures, at: 1700) == nil)
        #expect(fail(&failures, at: 1800)?.kind == .failing)
    }

    @Test func `As long as the stream was not read nothing is told, and nothing paused`() {
        var failures = RouteFailures(policy)
        for now in stride(from: Int64(100), to: 100_000, by: 100) { #expect(fail(&failures, at: now) == nil) }
        failures.update(paused: [], failing: [:])
        #expect(fail(&failures, at: 100_100)?.kind == .failing)
    }

    @Test func `What the stream has lost is told again`() {
        var failures = informed()
        for now in [100, 200] { _ = fail(&failures, at: Int64(now)) }
        #expect(fail(&failures, at: 300)?.kind == .failing)
        #expect(fail(&failures, at: 60_299) == nil)
        #expect(fail(&failures, at: 60_300)?.kind == .failing)
    }

    /// One lane delivers every eight hours, the other fails every eight hours: of twenty each ten thousand in a row.
    @Test(arguments: [0, 1, 4, 7])
    func `A route that another lane delivers to is never paused`(offset: Int64) {
        let hour: Int64 = 3_600_000
        var lanes = [RouteFailures(PausePolicy()), RouteFailures(PausePolicy())]
        var book = PauseBook()
        for lane in lanes.indices { lanes[lane].update(paused: [], failing: [:]) }
        var told = 0
        for now in stride(from: hour, to: 5000 * hour, by: Int64.Stride(hour)) {
            var records: [PauseRecord?] = []
            if now / hour % 8 == 0 {
                // In a burst, which could be over before the others hear of it.
                for second in 0..<3 { records.append(fail(&lanes[0], at: now + Int64(second) * 1000)) }
            }
            if now / hour % 8 == offset { records.append(lanes[1].succeeded(route, now: now + 5000)) }
            for case let record? in records {
                told += 1
                #expect(record.kind != .paused)
                book.apply(record)
                for lane in lanes.indices { lanes[lane].learn(&book, nil) }
            }
        }
        #expect(book.paused.isEmpty)
        #expect(told > 0)
    }

    @Test func `An announcement that the book refuses pauses nothing, and the next row is announced`() throws {
        var failures = informed()
        var book = PauseBook()
        for now in [100, 200] { #expect(fail(&failures, at: Int64(now)) == nil) }
        // Another lane delivers, which is in the stream before this lane's announcement.
        var recovery = PauseRecord(.recovered, route: "1/global/default", at: 250)
        recovery.replica = "other"
        book.apply(recovery)
        let late = try #require(fail(&failures, at: 300))
        failures.learn(&book, late)
        #expect(book.failing.isEmpty)
        for now in [1400, 1500] { #expect(fail(&failures, at: Int64(now)) == nil, "counted anew") }
        let next = try #require(fail(&failures, at: 1600))
        #expect(next.kind == .failing && next.since == 1395)
        failures.learn(&book, next)
        #expect(book.failing["1/global/default"]?.since == 1395)
    }

    @Test func `What began before a recovery and fails after it begins a row after it`() throws {
        var failures = RouteFailures(policy)
        failures.update(paused: [], failing: [:], recovered: [route: 98])
        for now in [100, 200] { #expect(fail(&failures, at: Int64(now)) == nil) }
        #expect(try #require(fail(&failures, at: 300)).since == 99)
    }
}

extension RouteFailures {
    /// As a lane hears of a record that has come back from the stream.
    fileprivate mutating func learn(_ book: inout PauseBook, _ record: PauseRecord?) {
        if let record { book.apply(record) }
        update(
            paused: Set(book.paused.keys.map { Array($0.utf8) }),
            failing: Dictionary(
                uniqueKeysWithValues: book.failing.map {
                    (Array($0.key.utf8), .init(since: $0.value.since ?? $0.value.at, knownSince: $0.value.at))
                }
            ),
            recovered: Dictionary(uniqueKeysWithValues: book.recoveredAt.map { (Array($0.key.utf8), $0.value) })
        )
    }
}
