import Delivery
import Testing

@Suite struct DrainTests {
    @Test func `While it runs there is nothing to decide`() {
        var drain = Drain()
        #expect(drain.isRunning)
        #expect(drain.timeUntilDeadline(now: 5) == nil)
        #expect(drain.step(unsettled: 0, now: 5) == .wait)
        #expect(drain.step(unsettled: 3, now: .max) == .wait)
        #expect(drain.isRunning)
    }

    @Test func `It waits for the last message, then is finished once`() {
        var drain = Drain()
        let (linger, patience) = (Drain.linger, 10 * Drain.linger)
        drain.begin(now: 100, patience: patience)
        #expect(!drain.isRunning)
        #expect(drain.timeUntilDeadline(now: 100) == patience)
        #expect(drain.step(unsettled: 2, now: 120) == .wait)
        #expect(drain.timeUntilDeadline(now: 120) == patience - 20)
        #expect(drain.step(unsettled: 0, now: 130) == .wait)
        #expect(drain.timeUntilDeadline(now: 130) == linger)
        #expect(drain.step(unsettled: 0, now: 129 + linger) == .wait)
        #expect(drain.step(unsettled: 0, now: 130 + linger) == .finished)
        #expect(drain.timeUntilDeadline(now: 130 + linger) == nil)
        #expect(drain.step(unsettled: 0, now: 131 + linger) == .wait)
        #expect(!drain.isRunning)
    }

    @Test func `What comes while it lingers is waited for, and given up at the deadline of the drain`() {
        var drain = Drain()
        let patience = 10 * Drain.linger
        drain.begin(now: 0, patience: patience)
        #expect(drain.step(unsettled: 0, now: 5) == .wait)
        #expect(drain.step(unsettled: 1, now: 6) == .wait)
        #expect(drain.timeUntilDeadline(now: 6) == patience - 6)
        #expect(drain.step(unsettled: 0, now: 7) == .wait)
        #expect(drain.step(unsettled: 1, now: 8) == .wait)
        #expect(drain.step(unsettled: 1, now: patience) == .abandon)
    }

    @Test func `It lingers no longer than the drain has time`() {
        var drain = Drain()
        drain.begin(now: 0, patience: 50)
        #expect(drain.step(unsettled: 0, now: 10) == .wait)
        #expect(drain.timeUntilDeadline(now: 10) == 40)
        #expect(drain.step(unsettled: 0, now: 50) == .finished)
    }

    @Test func `At the deadline it gives up once`() {
        var drain = Drain()
        drain.begin(now: 100, patience: 50)
        #expect(drain.step(unsettled: 1, now: 149) == .wait)
        #expect(drain.timeUntilDeadline(now: 160) == 0)
        #expect(drain.step(unsettled: 1, now: 150) == .abandon)
        #expect(drain.step(unsettled: 1, now: 151) == .wait)
    }

    @Test func `What ended by itself at the deadline is not given up`() {
        var drain = Drain()
        drain.begin(now: 0, patience: 10)
        #expect(drain.step(unsettled: 0, now: 10) == .finished)
    }

    @Test func `A second begin does not move the deadline`() {
        var drain = Drain()
        drain.begin(now: 0, patience: 10)
        drain.begin(now: 9, patience: 1000)
        #expect(drain.timeUntilDeadline(now: 9) == 1)
        #expect(drain.step(unsettled: 1, now: 10) == .abandon)
        drain.begin(now: 11, patience: 1000)
        #expect(drain.step(unsettled: 0, now: 12) == .wait)
    }

    @Test func `Without patience it gives up at once, unless nothing is owed`() {
        var hasty = Drain()
        hasty.begin(now: 7, patience: 0)
        #expect(hasty.step(unsettled: 1, now: 7) == .abandon)
        var idle = Drain()
        idle.begin(now: 7, patience: 0)
        #expect(idle.step(unsettled: 0, now: 7) == .finished)
    }
}
