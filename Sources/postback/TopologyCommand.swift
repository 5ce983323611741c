import ArgumentParser
import Logging
import RabbitMQ
import Worker

/// `postback topology`: the objects on the broker.
struct TopologyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topology",
        abstract: "Print, declare or verify the exchange and the queues.",
        subcommands: [Print.self, Declare.self, Verify.self]
    )

    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print what is wanted on the broker; connects to none."
        )

        @OptionGroup var configuration: ConfigurationOption
        @Flag(help: "Print one JSON object.") var json = false
        @Flag(help: "Print what rabbitmqctl import_definitions reads, for whoever owns the broker.")
        var definitions = false

        func run() throws {
            let options = try configuration.loadOrFail().options
            let topology = options.topology
            if definitions {
                return try Console.print(json: TopologyDefinitions(topology, vhost: options.urls.first?.vhost ?? "/"))
            }
            if json { return try Console.print(json: TopologyReport(topology)) }
            Console.print("\(Console.bold("exchange")) \(topology.exchange)  direct, durable")
            for binding in topology.bindings {
                Console.print("  key \(binding.key) -> \(binding.queue)")
            }
            for queue in topology.queues {
                Console.print("\(Console.bold("queue")) \(queue.name)  \(queue.purpose)")
                Console.print("  " + queue.arguments.map { "\($0.name)=\($0.value.text)" }.joined(separator: " "))
            }
        }
    }

    struct Declare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create what is missing on the broker; what exists is never changed."
        )

        @OptionGroup var configuration: ConfigurationOption
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            try TopologyCommand.compare(configuration, json: json, done: "declared") {
                (setup, admin) throws(AMQPError) in try setup.declare(admin)
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compare the broker with what is wanted; creates nothing. Exit code 1 when something differs."
        )

        @OptionGroup var configuration: ConfigurationOption
        @Flag(help: "Print one JSON object.") var json = false

        func run() throws {
            try TopologyCommand.compare(configuration, json: json, done: "as wanted") {
                (setup, admin) throws(AMQPError) in try setup.verify(admin)
            }
        }
    }

    private static func compare(
        _ configuration: ConfigurationOption,
        json: Bool,
        done: String,
        _ body: (TopologySetup, BrokerAdmin) throws(AMQPError) -> [TopologySetup.Mismatch]
    ) throws {
        let options = try configuration.loadOrFail().options
        let admin = try options.connect(as: "postback topology")
        defer { admin.close() }
        let setup = TopologySetup(options, name: "topology", logger: Logger(label: "topology"))
        let mismatches: [TopologySetup.Mismatch]
        do throws(AMQPError) {
            mismatches = try body(setup, admin)
        } catch {
            throw CommandFailure(CommandFailure.noBroker, error.description)
        }
        if json {
            try Console.print(json: mismatches.map(Difference.init))
        } else {
            for mismatch in mismatches {
                Console.print("\(Console.red(mismatch.object)): \(mismatch.problem)\n    \(mismatch.advice)")
            }
            let commands = mismatches.flatMap(\.commands)
            if !commands.isEmpty {
                Console.print("for whoever owns the broker, as its administrator:")
                for (index, command) in commands.enumerated() where !commands[..<index].contains(command) {
                    Console.print("    " + command)
                }
            }
            if mismatches.isEmpty {
                Console.print(
                    "\(done): exchange \(options.topology.exchange) and \(options.topology.queues.count) queues"
                )
            }
        }
        if !mismatches.isEmpty { throw CommandFailure(CommandFailure.failed) }
    }
}

/// What is not as wanted, as JSON.
private struct Difference: Encodable {
    let object: String
    let problem: String
    let advice: String
    let commands: [String]

    init(_ mismatch: TopologySetup.Mismatch) {
        object = mismatch.object
        problem = mismatch.problem
        advice = mismatch.advice
        commands = mismatch.commands
    }
}

/// The topology as JSON.
private struct TopologyReport: Encodable {
    struct Queue: Encodable {
        let name: String
        let purpose: String
        let arguments: [String: String]
    }

    let exchange: String
    let bindings: [[String: String]]
    let queues: [Queue]

    init(_ topology: Topology) {
        exchange = topology.exchange
        bindings = topology.bindings.map { ["queue": $0.queue, "key": $0.key] }
        queues = topology.queues.map { queue in
            Queue(
                name: queue.name,
                purpose: queue.purpose,
                arguments: Dictionary(uniqueKeysWithValues: queue.arguments.map { ($0.name, $0.value.text) })
            )
        }
    }
}

extension FieldValue {
    fileprivate var text: String {
        switch self {
        case .text(let text): text.isEmpty ? "\"\"" : text
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .integer(let number): String(number)
        case .boolean(let flag): String(flag)
        case .timestamp(let seconds): String(seconds)
        case .table(let entries): entries.map { "\($0.name)=\($0.value.text)" }.joined(separator: ",")
        }
    }
}
