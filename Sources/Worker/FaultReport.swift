package import Documents
package import Logging

/// Writes faults to the log: all errors, but of warnings only the first, since a large routes file can have one a line.
package struct FaultReport: Sendable {
    private let logger: Logger
    private static let shown = 20

    package init(_ logger: Logger) {
        self.logger = logger
    }

    package func write(_ faults: [Fault]) {
        var warnings = 0
        for fault in faults {
            if fault.severity == .error {
                logger.error("\(fault)")
            } else {
                warnings += 1
                if warnings <= Self.shown { logger.warning("\(fault)") }
            }
        }
        if warnings > Self.shown {
            logger.warning("\(warnings - Self.shown) more warnings; `postback check` shows all")
        }
    }
}
