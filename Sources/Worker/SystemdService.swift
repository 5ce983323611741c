import EventLoop
import Glibc
import ServiceLifecycle
import Synchronization
import Telemetry

/// Tells systemd that the worker consumes, that its loops turn, and what it does, where systemd started it with
/// `Type=notify`. A loop that hangs is not reported as alive, and systemd starts the worker again.
final class SystemdService: Service {
    private let socket: SystemdSocket
    private let drain: Int64
    private let liveness: @Sendable () -> HealthReport
    private let lanes: LaneService
    private let conversation: Mutex<SystemdConversation>

    /// - Parameter drain: how long the worker takes its leave at most, in milliseconds.
    /// - Returns: nil when systemd did not ask to be told (`NOTIFY_SOCKET`).
    init?(lanes: LaneService, drain: Int64, liveness: @escaping @Sendable () -> HealthReport) {
        guard let socket = SystemdSocket(Self.environment("NOTIFY_SOCKET")) else { return nil }
        self.socket = socket
        self.drain = drain
        self.liveness = liveness
        self.lanes = lanes
        let watchdog = SystemdConversation.watchdog(
            microseconds: Self.environment("WATCHDOG_USEC"),
            pid: Self.environment("WATCHDOG_PID"),
            own: getpid()
        )
        conversation = Mutex(SystemdConversation(watchdog: watchdog))
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                report()
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
    }

    /// Any thread: the worker begins to drain. Signs of life go on to the end.
    func stop() {
        _ = socket.send(SystemdConversation.stopping(within: drain))
    }

    private func report() {
        let inFlight = lanes.statuses.reduce(0) { $0 + $1.inFlight.load(ordering: .relaxed) }
        let held = lanes.statuses.reduce(0) { $0 + $1.unsettled.load(ordering: .relaxed) }
        conversation.withLock { conversation in
            let now = Clock.monotonic()
            let lines = conversation.lines(
                at: now,
                liveness: liveness(),
                readiness: lanes.readiness,
                words: "consuming; \(inFlight) requests under way, \(held) messages held"
            )
            if !lines.isEmpty, socket.send(lines) { conversation.sent(lines, at: now) }
        }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
