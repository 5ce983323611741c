import TestSupport
import Testing

/// The worker's own trouble costs no publisher an attempt: each has only one here.
@Suite(.light, .timeLimit(Patience.limit))
struct OwnFaultTests {
    private static let ownFaults = #"attempts_total{status_class="none",verdict="own_fault"}"#
    private static let delivered = #"events_total{outcome="delivered"}"#

    @Test("name servers that find out nothing cost no attempt, and all is delivered once they do")
    func nameServers() throws {
        let mended = Signal()
        let server = try NameServer { name in
            if mended.all.isEmpty { return .failure(code: 2) }
            return name.hasSuffix(".test") ? .addresses(["127.0.0.1"], timeToLive: 60) : .failure(code: 3)
        }
        defer { server.stop() }
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "1"
            scenario.configuration["egress.name_servers"] = "[\"\(server.address)\"]"
            let names = (0..<5).map { "tracker-\($0).test" }
            try scenario.writeRoutes(
                Dictionary(
                    uniqueKeysWithValues: names.map {
                        ($0, Scenario.global("http://\($0):\(scenario.tracker.port)/pb?cid={{click_id}}"))
                    }
                )
            )
            let worker = try scenario.startWorker()
            try scenario.publish(names.map { Conversions.message($0, publisher: $0) })
            try eventually("each was tried") { try worker.metric(Self.ownFaults) >= names.count }
            mended.give()
            try eventually("all are delivered", within: 30) { try worker.metric(Self.delivered) == names.count }
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
        }
    }

    @Test("a proxy that is down costs no attempt, and all goes through it once it is up")
    func proxy() throws {
        let port = try ClosedPort()
        try Scenario.run { scenario in
            scenario.configuration["retry.attempts"] = "1"
            scenario.configuration["egress.proxy"] = "\"http://127.0.0.1:\(port.number)\""
            let worker = try scenario.startWorker()
            try scenario.publish([Conversions.message("e1"), Conversions.message("e2")])
            try eventually("each was tried") { try worker.metric(Self.ownFaults) >= 2 }
            // It plays the tracker as well.
            let proxy = try ScriptedServer(port: port.number) { connection in
                _ = try connection.read()
                try connection.answer("200 OK")
                try connection.serve()
            }
            defer { proxy.stop() }
            try eventually("all are delivered", within: 30) { try worker.metric(Self.delivered) == 2 }
            #expect(try scenario.tracker.total() == 0)
            let connects = proxy.requests.all.map(\.line).filter { $0.hasPrefix("CONNECT ") }
            #expect(Set(connects) == ["CONNECT 127.0.0.1:\(scenario.tracker.port) HTTP/1.1"])
        }
    }
}
