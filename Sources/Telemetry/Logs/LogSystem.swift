import Glibc
package import Logging
import Synchronization

/// Sets the process's logging up, once, from the keys `log.level` and `log.format`.
package enum LogSystem {
    private static let isBootstrapped = Mutex(false)

    /// Sends every `Logger` made from now on to standard error. Only the first call counts.
    ///
    /// Text is coloured when standard error is a terminal and `NO_COLOR` is unset or empty (no-color.org).
    ///
    /// - Returns: false if logging had been set up by this function before.
    @discardableResult
    package static func bootstrap(level: Logger.Level, format: LogFormat) -> Bool {
        let isFirst = isBootstrapped.withLock { isBootstrapped in
            defer { isBootstrapped = true }
            return !isBootstrapped
        }
        guard isFirst else { return false }
        let isColoured = Self.isColoured(noColor: environment("NO_COLOR"), isTerminal: isatty(STDERR_FILENO) == 1)
        LoggingSystem.bootstrap(
            { label, provider in
                switch format {
                case .json:
                    JSONLogHandler(label: label, level: level, metadataProvider: provider)
                case .text:
                    TextLogHandler(label: label, level: level, isColoured: isColoured, metadataProvider: provider)
                }
            },
            metadataProvider: nil
        )
        return true
    }

    static func isColoured(noColor: String?, isTerminal: Bool) -> Bool {
        isTerminal && (noColor ?? "").isEmpty
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
