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
            return try RouteFile(settings, configurationFile: path, environment: environment).load().table
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
