import Glibc
import Synchronization

/// The pulses of the event loops, for `/livez`: a loop that has not turned for 10 s hangs.
///
/// Times are nanoseconds of CLOCK_MONOTONIC; all readings must come from that clock.
package final class Heartbeats: Sendable {
    /// How long a loop may stand still, in nanoseconds: 10 s.
    package static let allowance: Int64 = 10_000_000_000

    private let lanes = Mutex<[Heartbeat]>([])

    package init() {}

    /// A pulse for the loop called `name`, for example `lane-0`; it counts as having turned at `now`.
    package func register(_ name: String, now: Int64) -> Heartbeat {
        let heartbeat = Heartbeat(name: name, now: now)
        lanes.withLock { $0.append(heartbeat) }
        return heartbeat
    }

    /// Healthy while every registered loop has turned within the allowance; else names each that has not.
    package func report(now: Int64) -> HealthReport {
        let stalled = lanes.withLock { $0 }.compactMap { lane -> String? in
            let silence = now - lane.lastTurn
            return silence > Self.allowance ? "\(lane.name) has not turned for \(silence / 1_000_000_000) s" : nil
        }
        return stalled.isEmpty ? .ok : .failing(stalled.joined(separator: "; "))
    }

    /// `report(now:)` by CLOCK_MONOTONIC now.
    package func report() -> HealthReport {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return report(now: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

/// The pulse of one event loop.
package final class Heartbeat: Sendable {
    package let name: String
    private let last: Atomic<Int64>
    private let isOver = Atomic<Bool>(false)

    init(name: String, now: Int64) {
        self.name = name
        last = Atomic(now)
    }

    /// The loop turned at `now`; costs a store.
    package func turned(at now: Int64) {
        last.store(now, ordering: .relaxed)
    }

    /// The loop ended as it should: from now on it is not expected to turn.
    package func end() {
        isOver.store(true, ordering: .relaxed)
    }

    var lastTurn: Int64 { isOver.load(ordering: .relaxed) ? .max : last.load(ordering: .relaxed) }
}
