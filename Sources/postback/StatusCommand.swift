import ArgumentParser
import Foundation
import RabbitMQ
import Settings
import Worker

/// `postback status`: what lies where on the broker.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the queues' depths, the consumers, the oldest dead letter, and destinations in trouble.",
        discussion: """
            Depths count messages that are ready; those that workers hold unacknowledged are not among them. The oldest \
            dead letter is looked at and put back in its place. Destinations are those of the worker whose admin endpoint \
            the configuration names.
            """
    )

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let (settings, options) = try configuration.loadOrFail()
        let admin = try options.connect(as: "postback status")
        defer { admin.close() }
        let report: Report
        do throws(AMQPError) {
            report = try Report(admin, options, DestinationsInTrouble(settings.admin))
        } catch {
            throw CommandFailure(CommandFailure.noBroker, error.description)
        }
        if json { return try Console.print(json: report) }
        for queue in report.queues where queue.isShown {
            let state = queue.ready.map { "\($0) ready, \(queue.consumers ?? 0) consumers" } ?? Console.red("missing")
            Console.print("\(queue.name.padded(to: report.width))  \(state)")
        }
        if let oldest = report.oldestDeadLetter {
            Console.print(
                "oldest dead letter: \(oldest.reason ?? "unknown reason") since \(oldest.failedAt ?? "an unknown time")"
            )
        }
        report.destinations.print()
        if report.queues.contains(where: { $0.ready == nil }) {
            Console.talk("run `postback topology declare` to create what is missing")
        }
    }

    private struct Report: Encodable {
        struct Queue: Encodable {
            let name: String
            let ready: Int?
            let consumers: Int?
            let isRung: Bool

            /// Empty rungs of the ladder say nothing.
            var isShown: Bool { !isRung || ready != 0 }

            enum CodingKeys: String, CodingKey {
                case name, ready, consumers
            }
        }

        struct DeadLetter: Encodable {
            let reason: String?
            let failedAt: String?
            let route: String?
        }

        let broker: String
        let queues: [Queue]
        let conversions: Int?
        let retrying: Int
        let deadLetters: Int?
        let consumers: Int
        let oldestDeadLetter: DeadLetter?
        let destinations: DestinationsInTrouble

        var width: Int { queues.filter(\.isShown).map { $0.name.count }.max() ?? 0 }

        init(
            _ admin: BrokerAdmin,
            _ options: LaneOptions,
            _ destinations: DestinationsInTrouble
        ) throws(AMQPError) {
            self.destinations = destinations
            let topology = options.topology
            broker = admin.server
            var queues: [Queue] = []
            for queue in topology.queues {
                let depth = try admin.depth(of: queue.name)
                queues.append(
                    Queue(
                        name: queue.name,
                        ready: depth?.ready,
                        consumers: depth?.consumers,
                        isRung: queue.name.hasPrefix("\(topology.prefix).retry.")
                    )
                )
            }
            self.queues = queues
            conversions = queues.first { $0.name == topology.conversions }?.ready
            consumers = queues.first { $0.name == topology.conversions }?.consumers ?? 0
            retrying = queues.filter(\.isRung).reduce(0) { $0 + ($1.ready ?? 0) }
            deadLetters = queues.first { $0.name == topology.deadLetters }?.ready
            if let deadLetters, deadLetters > 0,
                let headers = try admin.peek(topology.deadLetters, tls: options.tls)
            {
                oldestDeadLetter = DeadLetter(
                    reason: headers["x-postback-reason"] ?? (headers["x-first-death-reason"] == nil ? nil : "poison"),
                    failedAt: headers["x-postback-failed-at"],
                    route: headers["x-postback-route"]
                )
            } else {
                oldestDeadLetter = nil
            }
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
