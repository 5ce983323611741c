import ArgumentParser

/// `postback`: one binary, one subcommand per job.
@main
struct PostbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postback",
        abstract: "Delivers an ad network's conversions to the postbacks of its publishers.",
        discussion: """
            Conversions are taken from RabbitMQ, resolved to the postback each publisher has set, sent, retried with \
            back-off on the broker, and dead-lettered when they cannot be delivered.

            Exit codes: 0 ok, 1 the thing checked or tried failed, 2 usage or configuration, 3 no broker.
            """,
        subcommands: [
            RunCommand.self, CheckCommand.self, PublishCommand.self, TopologyCommand.self, StatusCommand.self,
            DeadLettersCommand.self, DeliveriesCommand.self, TrackersCommand.self, ExplainCommand.self,
            TestCommand.self, RoutesCommand.self, VersionCommand.self, ManualCommand.self,
        ]
    )

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as CommandFailure {
            if !failure.message.isEmpty { Console.talk("postback: \(failure.message)") }
            endProcess(withCode: failure.code)
        } catch {
            let code = exitCode(for: error)
            if code == .success {
                Console.print(fullMessage(for: error))
                endProcess(withCode: 0)
            }
            Console.talk(fullMessage(for: error))
            // ArgumentParser says 64 for a wrong command line; the contract says 2.
            endProcess(withCode: code == .validationFailure ? CommandFailure.usage : CommandFailure.failed)
        }
    }
}
