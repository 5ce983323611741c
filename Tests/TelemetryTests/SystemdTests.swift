import Glibc
import TestSupport
import Testing

@testable import Telemetry

@Suite("What systemd is told")
struct SystemdTests {
    private static let second: Int64 = 1_000_000_000

    /// What a conversation says over some seconds, when every message arrives.
    private func conversation(
        watchdog: Int64?,
        _ days: [(second: Int64, liveness: HealthReport, readiness: HealthReport, words: String)]
    ) -> [[String]] {
        var conversation = SystemdConversation(watchdog: watchdog)
        return days.map { day in
            let now = day.second * Self.second
            let lines = conversation.lines(
                at: now,
                liveness: day.liveness,
                readiness: day.readiness,
                words: day.words
            )
            conversation.sent(lines, at: now)
            return lines
        }
    }

    @Test("it is ready once, when it consumes, and a start that waits for the broker is prolonged")
    func ready() {
        let waiting = HealthReport.failing("w/0 is not consuming")
        let said = conversation(
            watchdog: nil,
            [
                (0, .ok, waiting, "a"), (1, .ok, waiting, "a"), (5, .ok, waiting, "a"), (6, .ok, .ok, "a"),
                (7, .ok, .ok, "a"), (20, .ok, waiting, "a"), (21, .ok, .ok, "a"), (25, .ok, .ok, "a"),
            ]
        )
        #expect(
            said == [
                ["EXTEND_TIMEOUT_USEC=30000000", "STATUS=w/0 is not consuming"], [], ["EXTEND_TIMEOUT_USEC=30000000"],
                ["READY=1", "STATUS=a"], [], ["STATUS=w/0 is not consuming"], [], ["STATUS=a"],
            ]
        )
    }

    @Test("signs of life come three times in the watchdog's time, and not while a loop hangs")
    func watchdog() {
        let hangs = HealthReport.failing("w/0 has not turned for 11 s")
        let said = conversation(
            watchdog: 30_000_000,
            [
                (0, .ok, .ok, "a"), (9, .ok, .ok, "a"), (10, .ok, .ok, "a"), (19, hangs, .ok, "a"),
                (40, hangs, .ok, "a"), (41, .ok, .ok, "a"),
            ]
        )
        #expect(
            said == [
                ["READY=1", "WATCHDOG=1", "STATUS=a"], [], ["WATCHDOG=1"], ["STATUS=w/0 has not turned for 11 s"], [],
                ["WATCHDOG=1", "STATUS=a"],
            ]
        )
    }

    @Test("what did not arrive is said again")
    func lost() {
        let conversation = SystemdConversation(watchdog: nil)
        for now in [0, Self.second] {
            #expect(
                conversation.lines(at: now, liveness: .ok, readiness: .ok, words: "a") == ["READY=1", "STATUS=a"]
            )
        }
    }

    @Test("words of several lines stay one line, so that they cannot say something else")
    func oneLine() {
        let conversation = SystemdConversation(watchdog: nil)
        let lines = conversation.lines(at: 0, liveness: .ok, readiness: .failing("a\nREADY=1\r\nb"), words: "")
        #expect(lines.last == "STATUS=a READY=1 b")
    }

    @Test("a drain may take its time, and some more")
    func stopping() {
        #expect(
            SystemdConversation.stopping(within: 30_000) == [
                "STOPPING=1", "STATUS=draining", "EXTEND_TIMEOUT_USEC=45000000",
            ]
        )
    }

    @Test("the watchdog is that of this process, or of none by name")
    func whoseWatchdog() {
        #expect(SystemdConversation.watchdog(microseconds: "30000000", pid: nil, own: 7) == 30_000_000)
        #expect(SystemdConversation.watchdog(microseconds: "30000000", pid: "7", own: 7) == 30_000_000)
        #expect(SystemdConversation.watchdog(microseconds: "30000000", pid: "8", own: 7) == nil)
        #expect(SystemdConversation.watchdog(microseconds: "30000000", pid: "x", own: 7) == nil)
        #expect(SystemdConversation.watchdog(microseconds: nil, pid: "7", own: 7) == nil)
        for text in ["", "0", "-1", "x", "99999999999999999999", "9223372036854775807"] {
            #expect(SystemdConversation.watchdog(microseconds: text, pid: nil, own: 7) == nil, "\(text)")
        }
    }

    @Test("nobody is told where nobody asked, or where the address is none of a Unix socket")
    func nobody() {
        let long = "/" + String(repeating: "x", count: 107)
        for name in [nil, "", "notify", "vsock:2:1234", long, "@" + String(repeating: "x", count: 108)] {
            #expect(SystemdSocket(name) == nil, "\(name ?? "none")")
        }
        #expect(SystemdSocket("/" + String(repeating: "x", count: 106)) != nil)
    }

    @Test("a message arrives whole, by a path and by an abstract name", arguments: ["/tmp/", "@"])
    func arrives(prefix: String) throws {
        let name = "\(prefix)postback-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let listener = try #require(NotifySocket(name))
        let socket = try #require(SystemdSocket(name))
        #expect(socket.send(["READY=1", "STATUS=ä"]))
        #expect(listener.receive() == "READY=1\nSTATUS=ä")
    }

    @Test("a socket that is gone, and one that nobody reads, hold up nobody")
    func unread() throws {
        let name = "@postback-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let socket = try #require(SystemdSocket(name))
        #expect(!socket.send(["READY=1"]))
        let listener = try #require(NotifySocket(name))
        var taken = 0
        while taken < 100_000, socket.send(["WATCHDOG=1"]) { taken += 1 }
        #expect(taken < 100_000)
        #expect(listener.receive() == "WATCHDOG=1")
        #expect(socket.send(["WATCHDOG=1"]))
    }
}
