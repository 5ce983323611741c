import TestSupport
import Testing

/// `postback topology`, and what the worker does about the broker's objects at its start.
@Suite(.light, .timeLimit(Patience.limit))
struct TopologyTests {
    @Test(
        "verify names what is missing, declare makes it, verify is then content, and a second declare changes nothing"
    )
    func declareAndVerify() throws {
        try Scenario.run { scenario in
            try scenario.writeFiles()
            let missing = try CommandRun(["topology", "verify"], in: scenario.folder)
            #expect(missing.exitCode == 1)
            for name in scenario.topology.queues { #expect(missing.output.contains("the queue \(name) is missing")) }
            #expect(missing.output.contains("the exchange \(scenario.topology.exchange) is missing"))
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions) == nil)
            for _ in 0..<2 {
                let declared = try CommandRun(["topology", "declare"], in: scenario.folder)
                #expect(declared.exitCode == 0)
                #expect(declared.output == "declared: exchange \(scenario.topology.exchange) and 21 queues\n")
            }
            let verified = try CommandRun(["topology", "verify"], in: scenario.folder)
            #expect(verified.exitCode == 0)
            #expect(verified.output == "as wanted: exchange \(scenario.topology.exchange) and 21 queues\n")
            // The contract's own arguments, written down in TestSupport: anything else is answered with 406.
            try scenario.topology.declare(scenario.amqp())
        }
    }

    @Test(
        "a conversions queue with another delivery limit is explained by verify, declare and the worker, which still works",
        arguments: [
            (Int64?.some(1), "2 lost connections of workers dead-letter every message"),
            (Int64?.some(-1), "dead-letters a healthy message the first time it is given back"),
            (nil, "no delivery limit of its own"),
        ]
    )
    func deliveryLimit(limit: Int64?, explanation: String) throws {
        try Scenario.run { scenario in
            try scenario.amqp().declare(
                queue: scenario.topology.conversions,
                scenario.topology.conversionsArguments(deliveryLimit: limit)
            )
            try scenario.writeFiles()
            for command in ["declare", "verify"] {
                let run = try CommandRun(["topology", command], in: scenario.folder)
                #expect(run.exitCode == 1, "\(command)")
                #expect(run.output.contains(explanation), "\(command): \(run.output)")
                #expect(run.output.contains("x-delivery-limit"), "\(command): \(run.output)")
            }
            let worker = try scenario.startWorker()
            let errors = worker.log.filter { $0.level == "error" }
            // Each lane says it.
            #expect(Set(errors.map(\.message)).count == 1)
            #expect(errors.first?.message.contains(explanation) == true)
            #expect(errors.first?.fields["queue"] == scenario.topology.conversions)
            try scenario.publish([Conversions.message("e1")])
            try scenario.waitForRequests(1)
        }
    }

    @Test("a rung with another time to live, and an exchange of another type, are explained; the rest is made")
    func otherObjects() throws {
        try Scenario.run { scenario in
            let topology = scenario.topology
            var arguments = topology.rungArguments(seconds: 4)
            arguments.removeAll { $0.name == "x-message-ttl" }
            try scenario.amqp().declare(queue: topology.retry(4), arguments + [AMQPField("x-message-ttl", .long(5000))])
            try scenario.amqp().declare(exchange: topology.exchange, type: "fanout")
            try scenario.writeFiles()
            let run = try CommandRun(["topology", "declare"], in: scenario.folder)
            #expect(run.exitCode == 1)
            #expect(run.output.contains("x-message-ttl"), "\(run.output)")
            #expect(run.output.contains("use another names.prefix"), "\(run.output)")
            #expect(try scenario.amqp().depth(of: topology.conversions)?.ready == 0)
            let json = try CommandRun(["topology", "verify", "--json"], in: scenario.folder)
            #expect(json.exitCode == 1)
            #expect(json.output.contains(#""object":"\#(topology.retry(4))""#), "\(json.output)")
        }
    }

    @Test("with topology verify the worker says what is missing and makes nothing")
    func verifyOnly() throws {
        try Scenario.run { scenario in
            scenario.configuration["broker.topology"] = "verify"
            let worker = try scenario.startWorker(ready: false)
            try eventually("it says what is missing") {
                worker.hasLogged("the queue \(scenario.topology.conversions) is missing")
            }
            #expect(try scenario.amqp().depth(of: scenario.topology.conversions) == nil)
            #expect(try !scenario.amqp().exchangeExists(scenario.topology.exchange))
        }
    }

    @Test("with topology skip the worker touches nothing")
    func skip() throws {
        try Scenario.run { scenario in
            scenario.configuration["broker.topology"] = "skip"
            let worker = try scenario.startWorker(ready: false)
            try eventually("it misses its queue") { worker.hasLogged("waiting for the broker") }
            for queue in scenario.topology.queues { #expect(try scenario.amqp().depth(of: queue) == nil) }
            #expect(try !scenario.amqp().exchangeExists(scenario.topology.exchange))
            // Enough to work with: what the network has made is used as it is.
            try scenario.amqp().declare(queue: scenario.topology.conversions, [])
            try scenario.amqp().publish(
                [Conversions.message("e1")],
                exchange: "",
                key: scenario.topology.conversions
            )
            try scenario.waitForRequests(1)
            #expect(try scenario.amqp().depth(of: scenario.topology.deadLetters) == nil)
        }
    }

    @Test("print needs no broker and names every queue with its arguments")
    func printed() throws {
        try Scenario.run { scenario in
            let port = try ClosedPort()
            scenario.configuration["broker.url"] = "\"amqp://127.0.0.1:\(port.number)\""
            try scenario.writeFiles()
            let run = try CommandRun(["topology", "print"], in: scenario.folder)
            #expect(run.exitCode == 0)
            for queue in scenario.topology.queues { #expect(run.output.contains("queue \(queue)  ")) }
            #expect(run.output.contains("x-delivery-limit=20"))
            #expect(try CommandRun(["topology", "print", "--json"], in: scenario.folder).exitCode == 0)
        }
    }
}
