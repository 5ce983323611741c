import Glibc
import TestSupport
import Testing

/// Routes change while conversions flow.
@Suite(.light, .timeLimit(Patience.limit))
struct RouteReloadTests {
    @Test("a changed file and SIGHUP take new routes into force under traffic, and no event is lost or doubled")
    func reload() throws {
        try Scenario.run { scenario in
            scenario.configuration["dispatch.per_host"] = "4"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/delay/5ms/v0?cid={{click_id}}")])
            let worker = try scenario.startWorker()
            var expected: Set<String> = []
            for version in 1...4 {
                let messages = Conversions.messages(200, prefix: "v\(version)")
                expected.formUnion((0..<200).map { "v\(version)-\($0)" })
                try scenario.publish(messages)
                try scenario.writeRoutes(["1": Scenario.global("TRACKER/delay/5ms/v\(version)?cid={{click_id}}")])
                if version % 2 == 0 { worker.signal(SIGHUP) }
                try eventually("version \(version) is in force") {
                    try worker.metric(#"route_reloads_total{result="loaded"}"#) >= version
                }
            }
            try scenario.publish([Conversions.message("last")])
            try scenario.waitForRequests(801, within: 60)
            try eventually("all are settled") { try worker.metric(#"events_total{outcome="delivered"}"#) == 801 }
            let requests = try scenario.tracker.requests()
            #expect(requests.count == 801)
            #expect(Set(requests.map(\.click)) == expected.union(["last"]))
            #expect(requests.first { $0.click == "last" }?.path == "/delay/5ms/v4")
            #expect(worker.hasLogged("routes reloaded"))
        }
    }

    @Test("SIGHUP reads the file again even when it looks the same")
    func hangUp() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            worker.signal(SIGHUP)
            try eventually("it was read again") { try worker.metric(#"route_reloads_total{result="loaded"}"#) == 1 }
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(1)
        }
    }

    @Test("a file with faults is refused whole, each fault is logged with its line, and the old routes stay")
    func refused() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            let bad = """
                publishers:
                  "1": { global: { url: "TRACKER/new?cid={{clikc_id}}" } }
                  "2": { global: { urll: "TRACKER/new?cid={{click_id}}" } }
                  "3": { global: { url: "TRACKER/new?cid={{click_id}}" } }
                """
            try scenario.folder.write(bad, to: "routes.yaml")
            try eventually("it is refused") { try worker.metric(#"route_reloads_total{result="refused"}"#) == 1 }
            let errors = worker.log.filter { $0.level == "error" }.map(\.message)
            #expect(errors.contains { $0.contains("routes.yaml:2") && $0.contains("clikc_id") }, "\(errors)")
            #expect(errors.contains { $0.contains("routes.yaml:3") && $0.contains("urll") }, "\(errors)")
            #expect(worker.hasLogged("the last good routes stay in use"))
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(1)
            #expect(try scenario.tracker.totalsByPath() == ["/pb": 1])
            #expect(try worker.metric("route_table_entries") == 1)

            try scenario.writeRoutes(["1": Scenario.global("TRACKER/mended?cid={{click_id}}")])
            try eventually("the mended file is taken") {
                try worker.metric(#"route_reloads_total{result="loaded"}"#) == 1
            }
            try scenario.publish([Conversions.message("e2")])
            try scenario.waitForRequests(2)
            #expect(try scenario.tracker.totalsByPath() == ["/pb": 1, "/mended": 1])
        }
    }

    @Test("a file that is gone is refused, and the old routes stay")
    func gone() throws {
        try Scenario.run { scenario in
            let worker = try scenario.startWorker()
            unlink(scenario.folder.file("routes.yaml"))
            try eventually("it is refused") { try worker.metric(#"route_reloads_total{result="refused"}"#) == 1 }
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(1)
        }
    }
}
