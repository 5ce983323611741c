import EventLoop
import Foundation
import Testing

@Suite struct ClockTests {
    @Test func `The monotonic clock never goes back and counts nanoseconds of sleep`() {
        var last = Clock.monotonic()
        for _ in 0..<100_000 {
            let now = Clock.monotonic()
            if now < last { Issue.record("\(now) after \(last)") }
            last = now
        }
        usleep(20_000)
        #expect(Clock.monotonic() - last >= 20_000_000)
    }

    @Test func `The wall clock is Foundation's, in milliseconds`() {
        let before = Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))
        let now = Clock.wall()
        let after = Int64((Date().timeIntervalSince1970 * 1000).rounded(.up))
        #expect((before...after).contains(now))
    }
}
