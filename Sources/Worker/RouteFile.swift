package import Documents
import Glibc
package import Routing
package import Settings

/// The routes file: reading it into a table, and telling whether it changed.
package struct RouteFile: Sendable {
    package let path: String
    private let vocabulary: TokenVocabulary
    private let secrets: SecretStore
    private let trackers: TrackerCatalogue
    /// What is worth a word about the operator's own trackers.
    private let trackerWarnings: [Fault]

    /// - Throws: `FaultyDocument` when the token aliases or trackers of the settings make no sense, or a secret is
    ///   missing.
    package init(
        _ settings: WorkerSettings,
        configurationFile: String,
        environment: [String: String]
    ) throws(FaultyDocument) {
        path = settings.routes.file
        secrets = try SecretStore.load(settings, configurationFile: configurationFile, environment: environment)
        do {
            vocabulary = try TokenVocabulary(aliases: settings.tokens.aliases, custom: settings.tokens.custom)
        } catch {
            throw FaultyDocument(
                error.flaws.map { Fault(file: configurationFile, path: $0.key, $0.message, hint: $0.hint) }
            )
        }
        let (catalogue, faults) = TrackerCatalogue.adding(
            settings.trackers,
            file: settings.trackersFile,
            vocabulary: vocabulary
        )
        if faults.contains(where: { $0.severity == .error }) { throw FaultyDocument(faults) }
        trackers = catalogue
        trackerWarnings = faults
    }

    package struct Loaded: Sendable {
        package let table: RouteTable
        package let warnings: [Fault]
    }

    /// Reads and compiles the whole file; blocks, and takes some seconds per million routes. Needs a thread with a
    /// stack of several MiB: the YAML parser recurses.
    package func load() throws(FaultyDocument) -> Loaded {
        let document = try YAMLDocument.load(path: path)
        let (table, faults) = RouteTable.load(
            document,
            file: path,
            vocabulary: vocabulary,
            secrets: secrets,
            trackers: trackers
        )
        guard let table else { throw FaultyDocument(faults) }
        return Loaded(table: table, warnings: trackerWarnings + faults)
    }

    /// What changes when the file does: where it lies, its size and its time. Nil when it cannot be looked at.
    package var signature: [Int]? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return [
            Int(status.st_dev), Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
        ]
    }
}
