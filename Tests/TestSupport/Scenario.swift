import Foundation
import Synchronization

/// The surroundings of one integration test: a folder, a prefix on a broker, a tracker, and the workers it starts.
/// Everything ends with the test, however it ends.
package final class Scenario {
    package let broker: TestBroker
    package let topology: TestTopology
    package let folder: TestFolder
    package let tracker: TrackerUnderTest
    package var configuration: Configuration
    private var workers: [WorkerUnderTest] = []
    private var connection: AMQPConnection?

    /// Runs a test.
    ///
    /// - Parameter broker: nil for the one that all tests share.
    package static func run(on broker: TestBroker? = nil, _ body: (Scenario) throws -> Void) throws {
        let scenario = try Scenario(broker ?? TestBroker.shared())
        defer { scenario.end() }
        do {
            try body(scenario)
        } catch {
            throw ScenarioFailure(
                cause: error,
                state: scenario.state,
                logs: scenario.workers.map { String($0.logText.suffix(4000)) }
            )
        }
    }

    private init(_ broker: TestBroker) throws {
        self.broker = broker
        let prefix = "it-" + RandomName.make(8)
        topology = TestTopology(prefix: prefix)
        folder = try TestFolder()
        configuration = Configuration(broker: broker.url, prefix: prefix)
        do {
            tracker = try TrackerUnderTest(in: folder)
        } catch {
            folder.remove()
            throw error
        }
    }

    /// For the message of a failure.
    private var state: String {
        var lines: [String] = []
        if let amqp = try? broker.connect() {
            for queue in topology.queues {
                if let ready = try? amqp.depth(of: queue)?.ready, ready > 0 { lines.append("\(queue): \(ready) ready") }
            }
        }
        if let total = try? tracker.total() { lines.append("tracker: \(total) requests") }
        for worker in workers {
            if let end = worker.ended { lines.append("the worker ended: \(end)") }
            for (name, value) in ((try? worker.metrics()) ?? [:]).sorted(by: { $0.key < $1.key })
            where value != 0 && name.hasPrefix("postback_") && !name.contains("_seconds") {
                lines.append("\(name) \(value)")
            }
        }
        return lines.joined(separator: "\n")
    }

    private func end() {
        for worker in workers { worker.kill9() }
        tracker.stop()
        // A connection of its own: the test's may be broken, or the broker may have been away.
        if let connection = try? broker.connect() { topology.remove(connection) }
        folder.remove()
    }

    // MARK: The worker

    /// Replaces routes.yaml by these publishers; `TRACKER` in a text becomes the tracker's origin.
    package func writeRoutes(_ publishers: [String: String]) throws {
        let lines = publishers.map { "  \"\($0)\": \($1)\n" }.sorted()
        let text = "publishers:\n" + lines.joined()
        try folder.write(text.replacingOccurrences(of: "TRACKER", with: tracker.origin), to: "routes.yaml")
    }

    /// Writes the configuration, and the usual route of publisher 1 when there are no routes yet.
    package func writeFiles() throws {
        try folder.write(configuration.text, to: "postback.yaml")
        if folder.read("routes.yaml").isEmpty { try writeRoutes(["1": Scenario.global("TRACKER/pb?cid={{click_id}}")]) }
    }

    /// A publisher with this URL for everything.
    package static func global(_ url: String) -> String { "{ global: { url: \"\(url)\" } }" }

    /// Starts a worker; waits until it consumes unless told otherwise.
    ///
    /// - Parameters:
    ///   - flags: further arguments of `postback run`.
    ///   - environment: on top of the test's own.
    package func startWorker(
        ready: Bool = true,
        name: String = "test",
        flags: [String] = [],
        environment: [String: String?] = [:]
    ) throws -> WorkerUnderTest {
        try writeFiles()
        let worker = try WorkerUnderTest(in: folder, environment: environment, name: name, flags: flags)
        workers.append(worker)
        if ready { try worker.waitUntilReady() }
        return worker
    }

    // MARK: The broker

    /// A connection of the test's own; after the broker was away ask for a new one.
    package func amqp(new: Bool = false) throws -> AMQPConnection {
        if let connection, !new { return connection }
        let made = try broker.connect()
        connection = made
        return made
    }

    /// Publishes as upstream does, each message confirmed.
    package func publish(_ messages: [TestMessage]) throws {
        try amqp().publish(messages, exchange: topology.exchange, key: "conversions")
    }

    /// Waits for dead letters and takes them out of their queue.
    package func deadLetters(_ count: Int, within seconds: Double = 20) throws -> [TestMessage] {
        var letters: [TestMessage] = []
        try eventually("\(count) dead letters", within: seconds, state: { "\(letters.count) came" }) {
            letters += try amqp().drain(topology.deadLetters)
            return letters.count >= count
        }
        return letters
    }

    /// Waits for the one message on its way down the ladder, and takes it off.
    package func retryMessage(rung seconds: Int) throws -> TestMessage {
        var found: TestMessage?
        try eventually("a message on rung \(seconds)") {
            found = try amqp().get(topology.retry(seconds))
            return found != nil
        }
        guard let found else { throw TimedOut("no message on rung \(seconds)") }
        return found
    }

    // MARK: The tracker

    /// Waits until so many requests came.
    package func waitForRequests(_ count: Int, within seconds: Double = 20) throws {
        try eventually("\(count) requests at the tracker", within: seconds, state: { try tracker.total() }) {
            try tracker.total() >= count
        }
    }
}

/// What ended a scenario, with the workers' last words.
package struct ScenarioFailure: Error, CustomStringConvertible {
    package let cause: any Error
    package let state: String
    package let logs: [String]

    package var description: String {
        "\(cause)\n\(state)\n" + logs.map { "--- the worker's log ends with\n\($0)" }.joined(separator: "\n")
    }
}
