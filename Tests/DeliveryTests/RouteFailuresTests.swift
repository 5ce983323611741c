import Delivery
import Testing

@Suite struct RouteFailuresTests {
    private let route = Array("1/global/default".utf8)
    private let policy = PausePolicy(after: 1000, failures: 3)

    private func fail(_ failures: inout RouteFailures, at now: Int64) -> PauseRecord? {
        failures.failed(route, .init(startedAt: now - 5, status: 500, error: "status 500"), now: now)
    }

    @Test func `It tells when a row of failures is long enough, once, and pauses when it lasts`() throws {
        var failures = RouteFailures(policy)
        #expect(failures.isQuiet)
        #expect(fail(&failures, at: 100) == nil)
        #expect(fail(&failures, at: 200) == nil)
        let first = try #require(fail(&failures, at: 300))
        #expect(first.kind == .failing && first.since == 95 && first.failures == 3 && first.lastStatus == 500)
        #expect(fail(&failures, at: 400) == nil)
        let last = try #require(fail(&failures, at: 1095))
        #expect(last.kind == .paused && last.since == 95 && last.failures == 5 && last.route == "1/global/default")
        #expect(failures.isPaused(route))
        #expect(fail(&failures, at: 2000) == nil, "what was under way is not told again")
    }

    @Test func `Long but few, or many but short, is not enough`() {
        var failures = RouteFailures(policy)
        #expect(fail(&failures, at: 100) == nil)
        #expect(fail(&failures, at: 5000) == nil)
        failures = RouteFailures(policy)
        for now in 100..<999 { #expect(fail(&failures, at: Int64(now))?.kind != .paused) }
    }

    @Test func `A success ends the row, and is told only when the row was`() {
        var failures = RouteFailures(policy)
        _ = fail(&failures, at: 100)
        #expect(failures.succeeded(route, now: 200) == nil)
        #expect(failures.isQuiet)
        for now in [300, 400, 500] { _ = fail(&failures, at: Int64(now)) }
        #expect(failures.succeeded(route, now: 600)?.kind == .recovered)
        #expect(failures.isQuiet)
    }

    @Test func `After a restart what all workers know goes on`() {
        var failures = RouteFailures(policy)
        failures.update(paused: [], failing: [route: 50])
        #expect(fail(&failures, at: 500) == nil)
        #expect(fail(&failures, at: 1050)?.kind == .paused)
        failures.update(paused: [], failing: [route: 50])
        #expect(failures.succeeded(route, now: 1100)?.kind == .recovered, "the first delivery of another worker tells")
    }

    @Test func `When it is resumed it is counted anew`() {
        var failures = RouteFailures(policy)
        for now in [100, 200, 300, 1500] { _ = fail(&failures, at: Int64(now)) }
        #expect(failures.isPaused(route) && failures.hasPauses)
        failures.update(paused: [route], failing: [:])
        failures.update(paused: [], failing: [:])
        #expect(!failures.isPaused(route) && !failures.hasPauses)
        #expect(fail(&failures, at: 1600) == nil)
        #expect(fail(&failures, at: 1700) == nil)
        #expect(fail(&failures, at: 1800)?.kind == .failing)
    }
}
