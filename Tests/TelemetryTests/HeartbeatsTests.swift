import Testing

@testable import Telemetry

@Suite("Heartbeats")
struct HeartbeatsTests {
    private static let second: Int64 = 1_000_000_000

    @Test("are well while each loop turns within ten seconds")
    func turning() {
        let heartbeats = Heartbeats()
        #expect(heartbeats.report(now: 0) == .ok)
        let lane = heartbeats.register("lane-0", now: 0)
        #expect(heartbeats.report(now: 10 * Self.second) == .ok)
        lane.turned(at: 60 * Self.second)
        #expect(heartbeats.report(now: 70 * Self.second) == .ok)
    }

    @Test("name the loops that hang, and only those")
    func stalled() {
        let heartbeats = Heartbeats()
        let first = heartbeats.register("lane-0", now: 0)
        _ = heartbeats.register("lane-1", now: 0)
        _ = heartbeats.register("broker", now: 5 * Self.second)
        first.turned(at: 11 * Self.second)
        let report = heartbeats.report(now: 16 * Self.second)
        #expect(report == .failing("lane-1 has not turned for 16 s; broker has not turned for 11 s"))
    }

    @Test("do not miss a loop that ended as it should")
    func ended() {
        let heartbeats = Heartbeats()
        heartbeats.register("lane-0", now: 0).end()
        #expect(heartbeats.report(now: 100 * Self.second) == .ok)
    }

    @Test("go by the monotonic clock")
    func clock() {
        let heartbeats = Heartbeats()
        _ = heartbeats.register("lane-0", now: .min / 2)
        #expect(!heartbeats.report().healthy)
    }
}
