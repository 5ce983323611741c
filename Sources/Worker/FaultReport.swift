package import Documents
package import Logging

/// Writes faults to the log: all errors, but of warnings only the first, since a large routes file can have one a line.
package struct FaultReport: Sendable {
    private let logger: Logger
    /// So many warnings are written; no more need be kept.
    package static let mostWarnings = 20

    package init(_ logger: Logger) {
        self.logger = logger
    }

    /// `omitted` is the number of warnings that were counted and not kept.
    package func write(_ faults: [Fault], omitted: Int = 0) {
        var warnings = 0
        for fault in faults {
            if fault.severity == .error {
                logger.error("\(fault)")
            } else {
                warnings += 1
                if warnings <= Self.mostWarnings { logger.warning("\(fault)") }
            }
        }
        let untold = max(0, warnings - Self.mostWarnings) + omitted
        if untold > 0 {
            logger.warning("\(untold) more warning\(untold == 1 ? "" : "s"); `postback check` shows all")
        }
    }
}
