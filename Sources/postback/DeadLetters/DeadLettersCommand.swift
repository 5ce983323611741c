import ArgumentParser

/// `postback dead-letters`: what could not be delivered, for the engineer who looks after it.
struct DeadLettersCommand: ParsableCommand {
    /// What looking does, for the help of each subcommand that looks.
    static let looking = """
        Looking takes nothing out of the queue: the letters are held unacknowledged while the command runs and given \
        back in their places, also when it is killed. Meanwhile other readers do not see them, and workers go on \
        adding letters behind them. Each look counts as one delivery of a letter, of which the queue allows a million; \
        the broker ends a look after 30 minutes (its consumer_timeout).
        """

    static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "List, show, export, discard or replay what could not be delivered.",
        discussion: looking,
        subcommands: [
            ListCommand.self, ShowCommand.self, ExportCommand.self, DiscardCommand.self, ReplayCommand.self,
        ]
    )
}
