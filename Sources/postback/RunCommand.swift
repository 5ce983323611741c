import ArgumentParser
import Documents
import Foundation
import HTTPTransport
import Logging
import Settings
import Telemetry
import Worker

/// `postback run`: the worker.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the worker: take conversions from the queue and deliver them.",
        discussion: """
            SIGTERM and SIGINT drain: no more messages are taken, what is under way ends or goes back to its queue \
            within shutdown.drain, and the exit code is 0. A second signal ends at once. SIGHUP reloads the routes, \
            which are also reloaded when their file changes.
            """
    )

    @OptionGroup var configuration: ConfigurationOption

    @Option(
        help: ArgumentHelp(
            "How this replica calls itself on the broker and in logs (default: HOST-PID).",
            valueName: "name"
        )
    )
    var name: String?

    @Flag(help: "Log warnings and errors only, whatever log.level says.") var quiet = false
    @Flag(help: "Log each failed attempt as well (debug), whatever log.level says.") var verbose = false

    func validate() throws {
        if quiet, verbose { throw ValidationError("--quiet and --verbose contradict each other; give one of them.") }
    }

    private func level(_ settings: WorkerSettings) -> Logger.Level {
        if quiet { return .warning }
        if verbose { return .debug }
        return Logger.Level(rawValue: settings.log.level.rawValue) ?? .info
    }

    func run() throws {
        let (settings, options) = try configuration.loadOrFail()
        LogSystem.bootstrap(
            level: level(settings),
            format: LogFormat(rawValue: settings.log.format.rawValue) ?? .json
        )
        let logger = Logger(label: "postback")
        do throws(TransferFailure) {
            try options.transport.check()
        } catch {
            throw CommandFailure(CommandFailure.usage, "\(error)")
        }
        let file: RouteFile
        let routes: FirstRoutes
        let signature: [Int]?
        do throws(FaultyDocument) {
            file = try RouteFile(
                settings,
                configurationFile: configuration.path,
                environment: ProcessInfo.processInfo.environment
            )
            signature = file.signature
            let loaded = try file.load(mostWarnings: FaultReport.mostWarnings)
            FaultReport(logger).write(loaded.warnings, omitted: loaded.omittedWarnings)
            routes = FirstRoutes(loaded.table)
        } catch {
            throw CommandFailure(CommandFailure.usage, "the routes are refused\n\(error)")
        }
        let host = ProcessInfo.processInfo
        let name = name ?? "\(host.hostName)-\(host.processIdentifier)"
        let process = WorkerProcess(
            settings: settings,
            options: options,
            file: file,
            name: name,
            version: Version.current,
            logger: logger
        )
        do {
            try Blocking.run { try await process.run(routes, signature: signature) }
        } catch let error as AdminEndpointError {
            throw CommandFailure(CommandFailure.usage, "\(error)")
        } catch {
            throw CommandFailure(CommandFailure.failed, "\(error)")
        }
    }
}
