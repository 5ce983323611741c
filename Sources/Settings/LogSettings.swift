/// Section `log`: what the worker says on stderr.
package struct LogSettings: Sendable, Equatable {
    /// The levels of swift-log, with its names.
    package enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// How a line looks.
    package enum Format: String, Sendable, CaseIterable {
        /// One JSON object a line.
        case json
        /// For people.
        case text
    }

    /// The least important level that is written.
    package var level = Level.info
    /// How a line looks.
    package var format = Format.json

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        section.read("level", .choice, into: &level)
        section.read("format", .choice, into: &format)
    }
}
