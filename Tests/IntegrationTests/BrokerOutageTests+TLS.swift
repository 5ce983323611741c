import TestSupport
import Testing

/// Over TLS only the library can write: each way to publish goes through it once. On the suite's broker, which listens
/// for TLS.
extension BrokerOutageTests {
    @Test("over amqps publish, dead letters, the delivery log and replay carry the same bytes and headers")
    func publishingOverTLS() throws {
        let broker = try OwnBroker.running()
        let certificates = try OwnBroker.certificates()
        try Scenario.run(on: broker) { scenario in
            scenario.configuration["broker.url"] = "\"amqps://guest:guest@localhost:\(broker.sparePort)/%2f\""
            scenario.configuration["broker.tls"] = "{ ca: \"\(certificates.authority)\" }"
            try scenario.writeRoutes(["1": Scenario.global("TRACKER/status/404?cid={{click_id}}")])
            try scenario.writeFiles()
            let declared = try CommandRun(["topology", "declare"], in: scenario.folder)
            #expect(declared.exitCode == 0, "\(declared.errors)")

            // The last is larger than a frame.
            let long = String(repeating: "x", count: 200_000)
            var lines = (0..<300).map { Conversions.event("e-\($0)") }
            lines.append(Conversions.event("e-long", more: #","x":"\#(long)""#))
            try scenario.folder.write(lines.joined(separator: "\n"), to: "events.ndjson")
            let published = try CommandRun(["publish", "events.ndjson"], in: scenario.folder)
            #expect(published.output == "301 published and confirmed, 0 refused, 0 not published\n")
            try scenario.publish([
                TestMessage(Conversions.event("e-network"), headers: [AMQPField("x-network", .text("its own"))])
            ])

            let worker = try scenario.startWorker()
            let letters = try scenario.deadLetters(302)
            #expect(Set(letters.map(\.text)) == Set(lines + [Conversions.event("e-network")]))
            #expect(letters.allSatisfy { $0.text("x-postback-reason") == "rejected" && $0.deliveryMode == 2 })
            #expect(letters.count { $0.text("x-network") == "its own" } == 1)
            let records = try scenario.records(302)
            #expect(Set(records.compactMap { $0["event_id"] }) == Set(letters.map(\.eventID)))
            for record in records { #expect(try DeliverySchema().failures(in: record.text) == [], "\(record.text)") }
            #expect(worker.stop() == 0)

            // What was looked at is gone: they go back as they were.
            try scenario.amqp().publish(letters, exchange: "", key: scenario.topology.deadLetters)
            let replayed = try scenario.deadLettersCommand("replay", "--all", "--yes")
            #expect(replayed.exitCode == 0, "\(replayed.errors)")
            let back = try scenario.take(scenario.topology.conversions)
            #expect(Set(back.map(\.text)) == Set(letters.map(\.text)) && back.count == 302)
            #expect(back.allSatisfy { $0.text("x-postback-replayed-from") != nil })
            #expect(back.allSatisfy { $0.text("x-postback-reason") == nil })
            #expect(back.count { $0.text("x-network") == "its own" } == 1)
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters)?.ready == 0)
        }
    }
}
