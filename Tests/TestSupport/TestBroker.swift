import Foundation

/// A RabbitMQ node that `deploy/broker` keeps: the one that `Tests/run` started, or one of a test's own that may be
/// stopped and killed.
package final class TestBroker: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// For `deploy/broker`.
    package let folder: String
    package let port: UInt16
    /// A free port beside the broker's own.
    package let sparePort: UInt16

    package var url: String { "amqp://guest:guest@127.0.0.1:\(port)/%2f" }

    private init(folder: String, port: UInt16, sparePort: UInt16) {
        self.folder = folder
        self.port = port
        self.sparePort = sparePort
    }

    /// The broker that all tests share; each uses a prefix of its own on it.
    package static func shared() throws -> TestBroker {
        let environment = ProcessInfo.processInfo.environment
        guard environment["POSTBACK_TEST_AMQP_URL"] != nil, let folder = environment["POSTBACK_TEST_BROKER"] else {
            throw Failure(
                description: "no broker to test with: POSTBACK_TEST_AMQP_URL and POSTBACK_TEST_BROKER are not set. "
                    + "Tests/run starts one and sets them"
            )
        }
        return try TestBroker(started: folder)
    }

    /// Starts a broker of the test's own beside the shared one, where `Tests/run` finds what an interrupted test left.
    ///
    /// - Parameter extra: lines for its rabbitmq.conf; `@SPARE_PORT@` in them becomes its spare port.
    package static func start(extra: String? = nil) throws -> TestBroker {
        let folder = try TestFolder(in: try shared().folder)
        if let extra { try folder.write(extra, to: "extra.conf") }
        do {
            try run(["start", folder.path], within: 150)
            return try TestBroker(started: folder.path)
        } catch {
            try? run(["remove", folder.path], within: 60)
            folder.remove()
            throw error
        }
    }

    private convenience init(started folder: String) throws {
        guard let data = FileManager.default.contents(atPath: folder + "/env") else {
            throw Failure(description: "\(folder)/env is missing: no broker was started there")
        }
        var ports: [Substring: UInt16] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2, let port = UInt16(parts[1]) { ports[parts[0]] = port }
        }
        guard let port = ports["AMQP_PORT"], let spare = ports["SPARE_PORT"] else {
            throw Failure(description: "\(folder)/env names no AMQP_PORT or no SPARE_PORT")
        }
        self.init(folder: folder, port: port, sparePort: spare)
    }

    package func start() throws { try Self.run(["start", folder], within: 150) }
    package func startUnlessRunning() throws {
        if (try? Self.run(["status", folder], within: 30)) == nil { try start() }
    }

    package func stop() throws { try Self.run(["stop", folder], within: 60) }
    package func kill() throws { try Self.run(["kill", folder], within: 30) }

    /// Runs rabbitmqctl.
    package func control(_ arguments: String...) throws {
        try Self.run(["ctl", folder] + arguments, within: 60)
    }

    /// Stops a broker of the test's own and deletes its folder.
    package func remove() {
        try? Self.run(["remove", folder], within: 60)
        try? FileManager.default.removeItem(atPath: folder)
    }

    package func connect() throws -> AMQPConnection { try AMQPConnection(port: port) }

    private static func run(_ arguments: [String], within seconds: Double) throws {
        let output = try TestFolder()
        defer { output.remove() }
        let process = try ChildProcess(
            BuiltProduct.repository + "/deploy/broker",
            arguments,
            output: output.file("output"),
            errors: output.file("output")
        )
        let end = process.waitForEnd(within: seconds)
        if end != .exited(0) {
            let how = end.map { "ended with \($0)" } ?? "still ran after \(seconds) s"
            throw Failure(
                description: "deploy/broker \(arguments.joined(separator: " ")) \(how): \(output.read("output"))"
            )
        }
    }
}
