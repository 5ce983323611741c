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

    private func isOurs(
        _ watch: NetworkWatch,
        _ destination: Int = 0,
        from start: Double = 2,
        to end: Double = 4,
        underWay: (Int) -> Bool = { _ in true }
    ) -> Bool {
        var watch = watch
        return watch.isOurs(
            destination,
            startedAt: Int64(start * 1e9),
            now: Int64(end * 1e9),
            isUnderWay: underWay
        )
    }

    @Test func `When nobody answers any more it is our network`() {
        #expect(isOurs(watch()))
        #expect(isOurs(watch(), 77))
        // On its way when the network went.
        #expect(isOurs(watch(), from: 0.9, to: 5.9))
    }

    @Test func `When anybody answered meanwhile it is the destination's`() {
        var watch = watch()
        watch.answered(5, now: 3 * Self.second)
        #expect(!isOurs(watch))
        #expect(!isOurs(watch, to: 5), "the silence is shorter than three quarters of the attempt")
    }

    @Test(arguments: [0.0, 0.001, 1, 100])
    func `A failure at once is not ours while answers stream in`(milliseconds: Double) {
        var watch = NetworkWatch()
        for answer in 0..<5000 {
            let now = Self.second + Int64(answer) * Self.second / 1000
            watch.answered(answer % 10, now: now)
            let end = Double(now) / 1e9 + 0.0009
            #expect(!isOurs(watch, 77, from: end - milliseconds / 1000, to: end))
        }
    }

    @Test func `A failure at once is ours when all are silent`() {
        #expect(!isOurs(watch(), from: 2, to: 2), "no silence yet")
        #expect(isOurs(watch(), from: 2.6, to: 2.6))
    }

    @Test func `One or two destinations that are down together prove nothing`() {
        #expect(!isOurs(watch()) { $0 == 0 || $0 == 1 })
        #expect(isOurs(watch()) { $0 <= 2 })
    }

    @Test func `What ended in silence bears witness until it is heard of`() {
        var watch = watch()
        for other in [1, 2] { _ = watch.isOurs(other, startedAt: Self.second, now: 3 * Self.second) { _ in false } }
        #expect(isOurs(watch) { _ in false })
        watch.answered(2, now: 4 * Self.second)
        #expect(!isOurs(watch, from: 5, to: 9) { _ in false })
    }

    @Test func `What began before the network was back is excused as well`() {
        var watch = watch()
        #expect(watch.isOurs(0, startedAt: 2 * Self.second, now: 4 * Self.second) { _ in true })
        watch.answered(1, now: 5 * Self.second)
        #expect(isOurs(watch, from: 4.9, to: 6.9) { _ in false })
        #expect(!isOurs(watch, from: 5.1, to: 7) { _ in false })
    }

    @Test func `Hosts that never answered are no witnesses, nor those of long before, nor forgotten ones`() {
        #expect(!isOurs(NetworkWatch()))
        var watch = watch()
        watch.answered(0, now: 1000 * Self.second)
        #expect(!isOurs(watch, 77, from: 1001, to: 1009))
        // The silence itself makes nobody forget.
        #expect(isOurs(self.watch(), from: 4000, to: 4002))
        watch = self.watch()
        for destination in 0..<9 { watch.forget(destination) }
        #expect(!isOurs(watch))
    }

    /// Six destinations without network for an hour, or for 20 minutes at 100 events a second. Before and after they
    /// answer in 60 ms; in between kept connections time out after 5 s and new ones after 2 s.
    @Test(arguments: [(1_400, 1, 60), (20, 2, 20)])
    func `A long outage costs no attempt and opens no breaker`(milliseconds: Int, events: Int, minutes: Int) {
        let step: Int64 = 20_000_000
        let outage = 60 * 50..<(minutes + 1) * 60 * 50
        var gate = DispatchGate(DispatchPolicy(concurrency: 500, perDestination: 100))
        var watch = NetworkWatch()
        var ends: [Int: [(destination: Int, startedAt: Int64)]] = [:]
        var due: [Int: [Int]] = [:]
        var (event, charged, excused, opened, delivered) = (0, 0, 0, 0, 0)
        for tick in 0..<outage.upperBound + 40 * 50 {
            let now = Self.second + Int64(tick) * step
            gate.now = now
            gate.turn(held: 0)
            for (destination, startedAt) in ends.removeValue(forKey: tick) ?? [] {
                let startTick = Int((startedAt - Self.second) / step)
                if !outage.contains(tick), !outage.contains(startTick) {
                    watch.answered(destination, now: now)
                    gate.ended(destination, .answered, startedAt: startedAt)
                    delivered += 1
                    continue
                }
                let isOurs = watch.isOurs(destination, startedAt: startedAt, now: now) { gate.isUnderWay($0) }
                gate.ended(destination, isOurs ? .silent : .timedOut, startedAt: startedAt)
                if isOurs { excused += 1 } else { charged += 1 }
                if milliseconds > 100 { due[tick + 250, default: []].append(destination) }
            }
            opened += gate.takeChanges().count
            var starting = due.removeValue(forKey: tick) ?? []
            if tick % (milliseconds / 20) == 0 {
                for _ in 0..<events {
                    starting.append(event % 6)
                    event += 1
                }
            }
            // What may not start goes to the ladder, that is: later than this test looks.
            for destination in starting where gate.offer(0, to: destination) {
                let isDown = outage.contains(tick) || outage.contains(tick + 3)
                let isKept = tick < outage.lowerBound + 250
                ends[tick + (isDown ? (isKept ? 250 : 100) : 3), default: []].append((destination, now))
            }
            if gate.waiting > 0 { _ = gate.removeWaiting() }
        }
        #expect(charged == 0)
        #expect(opened == 0 && gate.breakersOpen == 0)
        #expect(excused > 1000 && delivered > 60)
    }
}
