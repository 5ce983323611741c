package import Logging
package import RabbitMQ
import Settings
import Telemetry

/// Sees to the broker objects before a lane consumes: declares or verifies them, or leaves them alone, and explains
/// what does not fit.
package struct TopologySetup {
    private let options: LaneOptions
    private let name: String
    private let logger: Logger

    package init(_ options: LaneOptions, name: String, logger: Logger) {
        self.options = options
        self.name = name
        self.logger = logger
    }

    /// What is not as it should be on the broker.
    package struct Mismatch: Sendable, Equatable {
        package let object: String
        package let problem: String
        package let advice: String
        /// How whoever owns the broker mends it, where this user may not.
        package let commands: [String]
    }

    private var owner: OwnerCommands { OwnerCommands(topology: options.topology, url: options.urls.first) }

    /// For the worker: mismatches are logged, and a broker that is there is worked with as it is.
    package func run(on url: BrokerURL) throws(AMQPError) {
        if options.declaration == .skip { return }
        let admin = try BrokerAdmin(url, tls: options.tls, name: "\(name) topology")
        defer { admin.close() }
        let mismatches = options.declaration == .declare ? try declare(admin) : try verify(admin)
        for mismatch in mismatches {
            logger.error("\(mismatch.problem). \(mismatch.advice)", metadata: [LogKey.queue: "\(mismatch.object)"])
        }
    }

    /// Declares everything. What exists with other arguments is left as it is and reported.
    package func declare(_ admin: BrokerAdmin) throws(AMQPError) -> [Mismatch] {
        let topology = options.topology
        var mismatches: [Mismatch] = []
        try note(topology.exchange, &mismatches) { () throws(AMQPError) in try admin.declareExchange(topology.exchange)
        }
        for queue in topology.queues {
            try note(queue.name, &mismatches) { () throws(AMQPError) in try admin.declare(queue) }
        }
        for binding in topology.bindings {
            try note(binding.queue, &mismatches) { () throws(AMQPError) in
                try admin.bind(binding, to: topology.exchange)
            }
        }
        return mismatches
    }

    /// Compares without creating anything.
    package func verify(_ admin: BrokerAdmin) throws(AMQPError) -> [Mismatch] {
        let topology = options.topology
        var mismatches: [Mismatch] = []
        if try !admin.exchangeExists(topology.exchange) {
            mismatches.append(missing("exchange", topology.exchange))
        }
        for queue in topology.queues {
            if try admin.depth(of: queue.name) == nil {
                mismatches.append(missing("queue", queue.name))
                continue
            }
            // Declaring what exists changes nothing and compares the arguments.
            try note(queue.name, &mismatches) { () throws(AMQPError) in try admin.declare(queue) }
        }
        return mismatches
    }

    private func missing(_ kind: String, _ name: String) -> Mismatch {
        Mismatch(
            object: name,
            problem: "the \(kind) \(name) is missing",
            advice: "Create it with `postback topology declare`, or set broker.topology to declare",
            commands: owner.create
        )
    }

    /// Runs one declaration; a refusal (403) or a mismatch (406) is noted, anything else thrown.
    private func note(
        _ object: String,
        _ mismatches: inout [Mismatch],
        _ body: () throws(AMQPError) -> Void
    ) throws(AMQPError) {
        do throws(AMQPError) {
            try body()
        } catch {
            switch error.kind {
            case .closed(code: 406):
                mismatches.append(
                    Mismatch(
                        object: object,
                        problem: error.description,
                        advice: advice(object, error.description),
                        commands: owner.change(object, answer: error.description)
                    )
                )
            case .closed(code: 403):
                mismatches.append(
                    Mismatch(
                        object: object,
                        problem: error.description,
                        advice: "Give this user the configure permission, or set broker.topology to skip",
                        commands: owner.permit
                    )
                )
            default:
                throw error
            }
        }
    }

    private func advice(_ object: String, _ answer: String) -> String {
        let topology = options.topology
        if object == topology.conversions, answer.contains("x-delivery-limit") {
            return Self.deliveryLimitAdvice(answer, prefetch: options.prefetch)
        }
        if object == topology.conversions, answer.contains("x-dead-letter") || answer.contains("x-overflow") {
            return "Without these arguments the broker drops, or may lose, a message that workers failed on more often "
                + "than its delivery limit allows (unlimited on RabbitMQ 3.x, 20 on 4.x when none is set), healthy ones "
                + "that were prefetched with it included. Delete the empty queue and run `postback topology declare`"
        }
        if object == topology.exchange {
            return "An exchange of that name exists with another type: use another names.prefix, or delete it"
        }
        return "The queue exists with other arguments and is used as it is. To change it: stop publishing, let it run "
            + "empty, delete it, and run `postback topology declare`; or choose another names.prefix"
    }

    /// What a delivery limit other than ours does to healthy messages (PLUMBING 3.1, 3.2).
    static func deliveryLimitAdvice(_ answer: String, prefetch: Int) -> String {
        let remedy =
            "Delete the empty queue and run `postback topology declare`, or set the policy delivery-limit to "
            + "\(Topology.deliveryLimit)"
        let current = answer.split(separator: "current is").last.map(String.init) ?? ""
        let digits = current.split(whereSeparator: { !($0.isNumber || $0 == "-") }).first.flatMap { Int($0) }
        guard answer.contains("current is"), let limit = digits, !current.contains("none") else {
            return "The queue has no delivery limit of its own: RabbitMQ 3.x then never stops a message that crashes "
                + "workers, 4.x stops it after 20. \(remedy)"
        }
        if limit < 0 {
            return "A delivery limit of \(limit) dead-letters a healthy message the first time it is given back on "
                + "RabbitMQ 3.x, and means no limit on 4.x. \(remedy)"
        }
        if limit < Int(Topology.deliveryLimit) {
            return
                "With a delivery limit of \(limit), \(limit + 1) lost connections of workers dead-letter every message "
                + "they had prefetched, up to \(prefetch) healthy ones each time. \(remedy)"
        }
        return "A delivery limit of \(limit) lets a message that crashes workers do so \(limit + 1) times. \(remedy)"
    }
}
