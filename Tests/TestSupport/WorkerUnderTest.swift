import Foundation
package import Glibc

/// A running `postback run`.
package final class WorkerUnderTest: Sendable {
    private let process: ChildProcess
    private let folder: TestFolder
    private let logName: String

    package var pid: pid_t { process.pid }

    /// Starts it with FOLDER/postback.yaml; does not wait for anything.
    ///
    /// - Parameters:
    ///   - environment: on top of the test's own.
    ///   - flags: further arguments of `postback run`.
    package init(
        in folder: TestFolder,
        environment: [String: String?] = [:],
        name: String = "test",
        flags: [String] = []
    ) throws {
        self.folder = folder
        logName = "worker-\(RandomName.make(4)).log"
        process = try ChildProcess(
            BuiltProduct.postback,
            ["run", "-c", "postback.yaml", "--name", name] + flags,
            environment: environment,
            folder: folder.path,
            output: folder.file(logName),
            errors: folder.file(logName)
        )
    }

    // MARK: Its log

    /// One line of the log: its message, and its other fields.
    package struct LogLine {
        package let level: String
        package let message: String
        package let fields: [String: String]
    }

    package var logText: String { folder.read(logName) }

    package var log: [LogLine] {
        logText.split(separator: "\n").compactMap { line in
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            guard let fields = object?.compactMapValues({ $0 as? String }), let message = fields["message"] else {
                return nil
            }
            return LogLine(level: fields["level"] ?? "", message: message, fields: fields)
        }
    }

    /// True when a line's message holds this text.
    package func hasLogged(_ text: String) -> Bool { log.contains { $0.message.contains(text) } }

    // MARK: Its admin endpoint

    /// The port that the system chose; nil as long as it does not listen.
    private var adminPort: UInt16? {
        log.first { $0.message == "admin endpoint listens" }?.fields["address"]?.split(separator: ":").last
            .flatMap { UInt16($0) }
    }

    /// Asks the admin endpoint; nil when nobody answers.
    package func ask(_ path: String) -> HTTPRequest.Answer? {
        adminPort.flatMap { try? HTTPRequest.send(port: $0, path) }
    }

    /// Waits until it consumes.
    package func waitUntilReady(within seconds: Double = 30) throws {
        try eventually("the worker is ready", within: seconds, state: { logText }) {
            if let end = process.ended { throw TimedOut("the worker ended with \(end): \(logText)") }
            return ask("/readyz")?.status == 200
        }
    }

    /// Every sample by its name with labels, such as `postback_events_total{outcome="delivered"}`.
    package func metrics() throws -> [String: Double] {
        guard let text = ask("/metrics")?.text else { throw TimedOut("no metrics: \(logText)") }
        var samples: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let blank = line.lastIndex(of: " ") else { continue }
            samples[String(line[..<blank])] = Double(line[line.index(after: blank)...])
        }
        return samples
    }

    /// One sample; 0 when there is none of that name.
    package func metric(_ name: String) throws -> Int { Int(try metrics()["postback_" + name] ?? 0) }

    // MARK: Its memory

    /// Resident memory in bytes (VmRSS); 0 when the process is gone.
    package var residentBytes: Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        let kilobytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
        return (kilobytes ?? 0) * 1024
    }

    // MARK: Its end

    package func signal(_ number: Int32) { process.signal(number) }

    /// How it ended; nil while it runs.
    package var ended: ChildProcess.End? { process.ended }

    /// Whether it still runs after so many seconds.
    package func runs(for seconds: Double) -> Bool { process.runs(for: seconds) }

    /// How it ended; nil when it still runs after so many seconds, and as many more as `Patience` adds.
    package func waitForEnd(within seconds: Double) -> ChildProcess.End? { process.waitForEnd(within: seconds) }

    /// Ends it with SIGTERM, and with SIGKILL when that takes too long.
    ///
    /// - Returns: its exit code, or nil when it had to be killed.
    @discardableResult
    package func stop(within seconds: Double = 40) -> Int32? {
        process.signal(SIGTERM)
        if case .exited(let code)? = process.waitForEnd(within: seconds) { return code }
        _ = process.kill()
        return nil
    }

    /// As a power cut would.
    package func kill9() { _ = process.kill() }
}
