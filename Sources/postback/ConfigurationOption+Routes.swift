import Documents
import Foundation
import Routing
import Settings
import Worker

extension ConfigurationOption {
    /// The routes that the configuration names; faults end the command with code 2. Warnings are `postback check`'s.
    func loadRoutes(_ settings: WorkerSettings) throws(CommandFailure) -> RouteTable {
        do throws(FaultyDocument) {
            let environment = ProcessInfo.processInfo.environment
            return try RouteFile(settings, configurationFile: path, environment: environment).load(mostWarnings: 0)
                .table
        } catch {
            // What is wrong with the configuration is no fault of the routes.
            let isOwn = error.faults.allSatisfy { $0.file == path }
            let what = isOwn ? "the configuration is refused" : "the routes are refused"
            throw CommandFailure(CommandFailure.usage, "\(what)\n\(FaultyDocument(located(error.faults)))")
        }
    }

    /// The same for a command that looks, or sends little. A secret that is missing is told on stderr and has a stand-in,
    /// so that it is in nobody's way who does not need it: `missing` are the names of such secrets with what is wrong.
    /// Nothing may be sent that uses one.
    func lookAtRoutes(
        _ settings: WorkerSettings
    ) throws(CommandFailure) -> (table: RouteTable, missing: [String: Fault]) {
        let environment = ProcessInfo.processInfo.environment
        let (file, faults) = RouteFile.checking(settings, configurationFile: path, environment: environment)
        let missing = file.missingSecrets
        let others = faults.filter { $0.severity == .error && !missing.values.contains($0) }
        if !others.isEmpty {
            throw CommandFailure(
                CommandFailure.usage,
                "the configuration is refused\n\(FaultyDocument(located(others)))"
            )
        }
        for fault in FaultList.sorted(located(Array(missing.values))) {
            var warning = fault
            warning.severity = .warning
            Console.talk("\(warning)")
        }
        do throws(FaultyDocument) {
            return (try file.load(mostWarnings: 0).table, missing)
        } catch {
            throw CommandFailure(CommandFailure.usage, "the routes are refused\n\(error)")
        }
    }
}

extension ExplanationContext {
    /// Milliseconds since the Unix epoch.
    static var wallTime: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    /// For a command that explains now.
    static func now(_ settings: WorkerSettings, _ options: LaneOptions) -> ExplanationContext {
        ExplanationContext(
            options,
            routesFile: settings.routes.file,
            now: wallTime,
            random: UInt64.random(in: 0 ... .max)
        )
    }
}
