import Delivery
import Testing

@Suite struct NetworkWatchTests {
    private static let second: Int64 = 1_000_000_000

    /// Ten destinations that answered at 1 s.
    private func watch() -> NetworkWatch {
        var watch = NetworkWatch()
        for destination in 0..<10 { watch.answered(destination, now: Self.second) }
        return watch
    }

    @Test func `When nobody answers any more it is our network`() {
        let watch = watch()
        #expect(watch.isOurs(0, startedAt: 2 * Self.second, now: 4 * Self.second) { _ in true })
        #expect(watch.isOurs(77, startedAt: 2 * Self.second, now: 4 * Self.second) { _ in true })
    }

    @Test func `When anybody answered meanwhile it is the destination's`() {
        var watch = watch()
        watch.answered(5, now: 3 * Self.second)
        #expect(!watch.isOurs(0, startedAt: 2 * Self.second, now: 4 * Self.second) { _ in true })
    }

    @Test func `One or two destinations that are down together prove nothing`() {
        let watch = watch()
        #expect(!watch.isOurs(0, startedAt: 2 * Self.second, now: 4 * Self.second) { $0 == 0 || $0 == 1 })
        #expect(watch.isOurs(0, startedAt: 2 * Self.second, now: 4 * Self.second) { $0 <= 2 })
    }

    @Test func `Hosts that never answered are no witnesses, nor those of long ago, nor forgotten ones`() {
        var watch = NetworkWatch()
        #expect(!watch.isOurs(0, startedAt: 2 * Self.second, now: 4 * Self.second) { _ in true })
        watch = self.watch()
        #expect(!watch.isOurs(0, startedAt: 1000 * Self.second, now: 1002 * Self.second) { _ in true })
        watch = self.watch()
        for destination in 0..<9 { watch.forget(destination) }
        #expect(!watch.isOurs(0, startedAt: 2 * Self.second, now: 4 * Self.second) { _ in true })
    }
}
