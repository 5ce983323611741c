import ArgumentParser
import Documents
import Foundation
import RabbitMQ
import Settings
import Worker

/// `-c FILE`, on every command that works with the configuration.
struct ConfigurationOption: ParsableArguments {
    @Option(
        name: [.customShort("c"), .customLong("config")],
        help: ArgumentHelp(
            "The configuration (default: postback.yaml, or $POSTBACK_CONFIG). Every key is also an environment variable, such as POSTBACK_BROKER_URL.",
            valueName: "file"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var file: String?

    var path: String {
        file ?? ProcessInfo.processInfo.environment["POSTBACK_CONFIG"] ?? "postback.yaml"
    }

    /// The settings; a missing file counts only when somebody named it.
    func load() throws(FaultyDocument) -> WorkerSettings {
        let environment = ProcessInfo.processInfo.environment
        let isNamed = file != nil || environment["POSTBACK_CONFIG"] != nil
        return try WorkerSettings.load(path: path, required: isNamed, environment: environment)
    }

    /// What can be had of the settings, with all faults.
    func read() -> WorkerSettings.Reading {
        let environment = ProcessInfo.processInfo.environment
        let isNamed = file != nil || environment["POSTBACK_CONFIG"] != nil
        return WorkerSettings.read(path: path, required: isNamed, environment: environment)
    }

    /// The faults of this file that know their key but not their line get its place.
    func located(_ faults: [Fault]) -> [Fault] {
        guard faults.contains(where: { $0.file == path && $0.position == nil && !$0.path.isEmpty }),
            let document = try? YAMLDocument.load(path: path)
        else { return faults }
        return faults.map { fault in
            guard fault.file == path, fault.position == nil else { return fault }
            var fault = fault
            fault.position = document.position(ofPath: fault.path)
            return fault
        }
    }

    /// The settings for a command that needs a broker; faults end it with code 2.
    func loadOrFail() throws(CommandFailure) -> (settings: WorkerSettings, options: LaneOptions) {
        do {
            let settings = try load()
            return (settings, try LaneOptions(settings))
        } catch let faults as FaultyDocument {
            throw CommandFailure(CommandFailure.usage, "the configuration is refused\n\(faults)")
        } catch {
            throw CommandFailure(CommandFailure.usage, "\(path): \(error)")
        }
    }
}

extension LaneOptions {
    /// A connection for a command, to the first broker URL that answers; none ends it with code 3.
    func connect(as name: String) throws(CommandFailure) -> BrokerAdmin {
        var reasons: [String] = []
        for url in urls {
            do throws(AMQPError) {
                return try BrokerAdmin(url, tls: tls, name: name)
            } catch {
                reasons.append("\(error)")
            }
        }
        throw CommandFailure(CommandFailure.noBroker, "no broker: " + reasons.joined(separator: "; "))
    }
}
