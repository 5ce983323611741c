/// What a service with `Type=notify` tells systemd, and when (sd_notify(3)). Decides only; times are nanoseconds of one
/// monotonic clock.
package struct SystemdConversation: Sendable {
    /// Between two messages that only say how things are, and how long a start is prolonged before it is prolonged again.
    private static let interval: Int64 = 5_000_000_000
    /// By how much, in microseconds: a start that waits for its broker is not a start that failed.
    private static let prolongation: Int64 = 30_000_000

    /// Between two signs of life; nil when nobody watches.
    private let watchdogInterval: Int64?
    private var isReady = false
    private var lastSignOfLife: Int64?
    private var lastWords: (at: Int64, text: String)?
    private var lastExtension: Int64?

    /// - Parameter watchdog: how long systemd waits for a sign of life, in microseconds (`WATCHDOG_USEC`), if it does.
    ///   One is sent three times as often.
    package init(watchdog: Int64?) {
        watchdogInterval = watchdog.map { max(1_000_000, $0 * 1000 / 3) }
    }

    /// The time that systemd gives process `pid`, from the variables `WATCHDOG_USEC` and `WATCHDOG_PID`; nil for none.
    package static func watchdog(microseconds: String?, pid: String?, own: Int32) -> Int64? {
        guard let limit = microseconds.flatMap({ Int64($0) }), limit > 0, limit <= 3_600_000_000_000 else { return nil }
        if let pid, Int32(pid) != own { return nil }
        return limit
    }

    /// The lines to send now; none when there is nothing new. They count as sent only after `sent(at:)`.
    ///
    /// - Parameter words: how the service does, for `systemctl status`.
    package func lines(at now: Int64, liveness: HealthReport, readiness: HealthReport, words: String) -> [String] {
        var lines: [String] = []
        if readiness.healthy, !isReady { lines.append("READY=1") }
        if liveness.healthy {
            if let watchdogInterval, Self.isDue(lastSignOfLife, now, watchdogInterval) { lines.append("WATCHDOG=1") }
            if !isReady, !readiness.healthy, Self.isDue(lastExtension, now, Self.interval) {
                lines.append("EXTEND_TIMEOUT_USEC=\(Self.prolongation)")
            }
        }
        let text = Self.line(liveness.healthy ? (readiness.healthy ? words : readiness.text) : liveness.text)
        if text != lastWords?.text, !lines.isEmpty || Self.isDue(lastWords?.at, now, Self.interval) {
            lines.append("STATUS=\(text)")
        }
        return lines
    }

    /// Systemd has these lines, which `lines` returned for `now`.
    package mutating func sent(_ lines: [String], at now: Int64) {
        for line in lines {
            if line == "READY=1" { isReady = true }
            if line == "WATCHDOG=1" { lastSignOfLife = now }
            if line.hasPrefix("EXTEND_TIMEOUT_USEC=") { lastExtension = now }
            if line.hasPrefix("STATUS=") { lastWords = (now, String(line.dropFirst("STATUS=".count))) }
        }
    }

    /// The lines when the service begins to drain, which takes up to `milliseconds`.
    package static func stopping(within milliseconds: Int64) -> [String] {
        // And the broker may take some time for its goodbye.
        ["STOPPING=1", "STATUS=draining", "EXTEND_TIMEOUT_USEC=\((milliseconds + 15_000) * 1000)"]
    }

    private static func isDue(_ last: Int64?, _ now: Int64, _ interval: Int64) -> Bool {
        last.map { now - $0 >= interval } ?? true
    }

    /// A line break would begin another message.
    private static func line(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
