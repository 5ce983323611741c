import Documents
import Logging
import Synchronization
import Testing
import Worker

@Suite("Faults in the log")
struct FaultReportTests {
    private func written(warnings: Int, errors: Int = 0, omitted: Int = 0) -> [String] {
        let lines = Lines()
        let report = FaultReport(Logger(label: "test") { _ in lines })
        let faults =
            (0..<warnings).map { Fault(.warning, file: "routes.yaml", "warning \($0)") }
            + (0..<errors).map { Fault(file: "routes.yaml", "error \($0)") }
        report.write(faults, omitted: omitted)
        return lines.all
    }

    @Test("are all errors, the first warnings and the number of the others, kept or not")
    func few() {
        let most = FaultReport.mostWarnings
        #expect(written(warnings: most).count == most)
        #expect(written(warnings: most + 1, errors: 30).count == most + 1 + 30)
        #expect(written(warnings: most + 1).last?.contains("1 more warning;") == true)
        #expect(written(warnings: most, omitted: 999_980).last?.contains("999980 more warnings;") == true)
        #expect(written(warnings: most + 2, omitted: 3).last?.contains("5 more warnings;") == true)
        #expect(written(warnings: 0).isEmpty)
    }
}

private final class Lines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey _: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.message)") }
    }
}
