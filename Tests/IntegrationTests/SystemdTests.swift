import Glibc
import TestSupport
import Testing

/// A worker that systemd started with `Type=notify`.
@Suite(.light, .timeLimit(Patience.limit))
struct SystemdTests {
    @Test("it says that it is ready when it consumes, shows that it lives, and that it stops, until its end")
    func notifies() throws {
        try Scenario.run { scenario in
            let socket = try #require(NotifySocket())
            let receiver = try PatientReceiver()
            defer { receiver.stop() }
            scenario.configuration["shutdown.drain"] = "20s"
            try scenario.writeRoutes(["1": Scenario.global("\(receiver.origin)/pb?cid={{click_id}}")])
            let worker = try scenario.startWorker(
                ready: false,
                environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "1500000", "WATCHDOG_PID": nil]
            )
            let ready = try #require(socket.receive("READY=1"))
            #expect(ready.contains { $0.hasPrefix("STATUS=consuming") })
            #expect(worker.ask("/readyz")?.status == 200)
            #expect(socket.receive("WATCHDOG=1") != nil)
            #expect(socket.receive("WATCHDOG=1") != nil)
            try scenario.publish(Conversions.messages(1, prefix: "e"))
            #expect(receiver.requests.wait(count: 1))
            worker.signal(SIGTERM)
            let stopping = try #require(socket.receive("STOPPING=1"))
            #expect(stopping.contains("EXTEND_TIMEOUT_USEC=35000000"))
            // The request is still under way: it drains, and it lives.
            #expect(socket.receive("WATCHDOG=1") != nil)
            receiver.answer()
            #expect(worker.waitForEnd(within: 30) == .exited(0))
        }
    }

    @Test("without a broker it is not ready, and asks for more time to start")
    func withoutBroker() throws {
        let port = try ClosedPort()
        try Scenario.run { scenario in
            let socket = try #require(NotifySocket(scenario.folder.file("notify")))
            scenario.configuration["broker.url"] = "\"amqp://127.0.0.1:\(port.number)\""
            _ = try scenario.startWorker(ready: false, environment: ["NOTIFY_SOCKET": socket.name])
            let lines = try #require(socket.receive("EXTEND_TIMEOUT_USEC=30000000"))
            #expect(!lines.contains("READY=1"))
            #expect(lines.contains { $0.hasPrefix("STATUS=") && $0.contains("not consuming") })
        }
    }
}
