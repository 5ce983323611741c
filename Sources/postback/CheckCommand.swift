import ArgumentParser
import Documents
import Foundation
import HTTPTransport
import RabbitMQ
import Routing
import Settings
import Worker

/// `postback check`: every fault of the configuration and the routes at once.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration and the routes: every fault with file, line and what was probably meant.",
        discussion: "Warnings do not stop a start. Exit code 2 when there is an error."
    )

    @OptionGroup var configuration: ConfigurationOption
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let reading = configuration.read()
        var faults = reading.faults
        do throws(BrokerURL.ParseError) {
            let options = try LaneOptions(reading.settings)
            do throws(TransferFailure) {
                try options.transport.check()
            } catch {
                faults.append(Fault(file: configuration.path, path: "egress", error.description))
            }
        } catch {
            faults.append(Fault(file: configuration.path, path: "broker.url", error.description))
        }
        let (file, flaws) = RouteFile.checking(
            reading.settings,
            configurationFile: configuration.path,
            environment: ProcessInfo.processInfo.environment
        )
        faults += flaws
        var postbacks = 0
        var publishers = 0
        if reading.knowsRoutes {
            do throws(FaultyDocument) {
                let loaded = try file.load()
                faults += loaded.warnings
                postbacks = loaded.table.postbackCount
                publishers = loaded.table.publisherCount
            } catch {
                faults += error.faults
            }
        }
        faults = FaultList.sorted(configuration.located(faults))
        let errors = faults.filter { $0.severity == .error }.count
        if json {
            try Console.print(json: Report(faults, errors, publishers, postbacks))
        } else {
            for fault in faults { Console.print(fault.description) }
            if errors == 0 {
                let warnings = faults.isEmpty ? "" : ", \(faults.count) warning\(faults.count == 1 ? "" : "s")"
                Console.print("ok: \(postbacks) postbacks of \(publishers) publishers\(warnings)")
            }
        }
        if errors > 0 {
            throw CommandFailure(CommandFailure.usage, json ? "" : "\(errors) error\(errors == 1 ? "" : "s")")
        }
    }

    private struct Report: Encodable {
        struct Entry: Encodable {
            let severity: String
            let file: String
            let line: Int?
            let column: Int?
            let path: String
            let message: String
            let hint: String?
        }

        let ok: Bool
        let errors: Int
        let warnings: Int
        let publishers: Int
        let postbacks: Int
        let faults: [Entry]

        init(_ faults: [Fault], _ errors: Int, _ publishers: Int, _ postbacks: Int) {
            ok = errors == 0
            self.errors = errors
            warnings = faults.count - errors
            self.publishers = publishers
            self.postbacks = postbacks
            self.faults = faults.map {
                Entry(
                    severity: $0.severity.rawValue,
                    file: $0.file,
                    line: $0.position?.line,
                    column: $0.position?.column,
                    path: $0.path,
                    message: $0.message,
                    hint: $0.hint
                )
            }
        }
    }
}
