import RabbitMQ
import TestSupport
import Testing

@Suite struct BrokerAdminTests {
    @Test func `A refused request costs a connection and no more`() throws {
        let broker = try ScriptedBroker { session in
            try session.greet()
            while true {
                var declare = try session.expect(50, 10)
                _ = declare.short()
                let queue = declare.shortString()
                if queue == "there" {
                    try session.send(
                        .method(50, 11) { writer in
                            writer.shortString(queue)
                            writer.long(17)
                            writer.long(3)
                        }
                    )
                } else {
                    try session.send(BrokerSession.closeChannel(queue == "missing" ? 404 : 403, "\(queue)!"))
                    return
                }
            }
        }
        defer { broker.stop() }
        let admin = try BrokerAdmin(broker.url, tls: BrokerTLS(), name: "a test")
        #expect(admin.server == "RabbitMQ 9.9.9")
        let there = try #require(try admin.depth(of: "there"))
        #expect(there == (17, 3))
        #expect(try admin.depth(of: "missing") == nil)
        let again = try #require(try admin.depth(of: "there"))
        #expect(again == (17, 3))
        let error = #expect(throws: AMQPError.self) { try admin.depth(of: "forbidden") }
        #expect(error?.kind == .closed(code: 403))
        #expect(error?.description.contains("looking at queue forbidden") == true)
        #expect(error?.description.contains("forbidden!") == true)
        #expect(broker.surprises.all == [])
    }

    @Test func `Queues are declared durable, with their arguments`() throws {
        let declared = Journal<String>()
        let broker = try ScriptedBroker { session in
            try session.greet()
            for _ in 0..<2 {
                var declare = try session.expect(50, 10)
                _ = declare.short()
                let name = declare.shortString()
                declared.add(
                    "\(name) \(declare.octet()) \(declare.table().sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })"
                )
                try session.send(
                    .method(50, 11) { writer in
                        writer.shortString(name)
                        writer.long(0)
                        writer.long(0)
                    }
                )
            }
        }
        defer { broker.stop() }
        let admin = try BrokerAdmin(broker.url, tls: BrokerTLS(), name: "a test")
        let topology = Topology(prefix: "p", rungs: [4], logMaxAge: 1000, logMaxBytes: 1)
        let others = [topology.deliveries, topology.conversions, topology.pauses]
        for queue in topology.queues where !others.contains(queue.name) {
            try admin.declare(queue)
        }
        #expect(
            declared.all == [
                #"p.dead-letters 2 ["x-delivery-limit=1000000", "x-overflow=reject-publish", "x-queue-type=quorum"]"#,
                #"p.retry.4s 2 ["x-dead-letter-exchange=", "x-dead-letter-routing-key=p.conversions", "#
                    + #""x-dead-letter-strategy=at-least-once", "x-message-ttl=4000", "x-overflow=reject-publish", "x-queue-type=quorum"]"#,
            ]
        )
    }
}
