package import Documents
import Glibc
import HTTPTransport
package import Routing
package import Settings

/// The routes file: reading it into a table, and telling whether it changed.
package struct RouteFile: Sendable {
    package let path: String
    private let vocabulary: TokenVocabulary
    private let secrets: SecretStore
    private let trackers: TrackerCatalogue
    private let egress: EgressPolicy
    /// The secrets that are missing and have a stand-in, by their names; see ``checking(_:configurationFile:environment:)``.
    package let missingSecrets: [String: Fault]
    /// What is worth a word about the operator's own trackers.
    private let trackerWarnings: [Fault]

    /// - Throws: `FaultyDocument` when the token aliases or trackers of the settings make no sense, or a secret is
    ///   missing.
    package init(
        _ settings: WorkerSettings,
        configurationFile: String,
        environment: [String: String]
    ) throws(FaultyDocument) {
        let (file, faults) = Self.checking(settings, configurationFile: configurationFile, environment: environment)
        let errors = faults.filter { $0.severity == .error }
        if !errors.isEmpty { throw FaultyDocument(errors) }
        self = file
    }

    /// For `check`, `explain` and `test`: what makes no sense is told and left out, so that the routes can be looked at as
    /// well; a secret that is missing has its name. Only without errors may the file be used for more than looking; where
    /// secrets alone are missing, also for sending what needs none of them.
    package static func checking(
        _ settings: WorkerSettings,
        configurationFile: String,
        environment: [String: String]
    ) -> (file: RouteFile, faults: [Fault]) {
        let read = SecretStore.read(settings, configurationFile, environment)
        var faults = read.missing.sorted { $0.key < $1.key }.map(\.value)
        var tokens = settings.tokens
        var vocabulary = TokenVocabulary.standard
        // Once as they are, and if need be once more without what is wrong.
        for _ in 0..<2 {
            do throws(TokenVocabulary.Invalid) {
                vocabulary = try TokenVocabulary(aliases: tokens.aliases, custom: tokens.custom)
                break
            } catch {
                for flaw in error.flaws {
                    faults.append(
                        Fault(file: configurationFile, path: "tokens.\(flaw.key)", flaw.message, hint: flaw.hint)
                    )
                    tokens.aliases = tokens.aliases.filter { "aliases.\($0.key)" != flaw.key }
                    tokens.custom = tokens.custom.filter { "custom.\($0.key)" != flaw.key }
                }
            }
        }
        let (trackers, flaws) = TrackerCatalogue.adding(
            settings.trackers,
            file: settings.trackersFile,
            vocabulary: vocabulary
        )
        let file = RouteFile(
            path: settings.routes.file,
            vocabulary: vocabulary,
            secrets: read.store,
            trackers: trackers,
            egress: EgressPolicy(settings.egress),
            missingSecrets: read.missing,
            trackerWarnings: flaws.filter { $0.severity == .warning }
        )
        return (file, faults + flaws.filter { $0.severity == .error })
    }

    private init(
        path: String,
        vocabulary: TokenVocabulary,
        secrets: SecretStore,
        trackers: TrackerCatalogue,
        egress: EgressPolicy,
        missingSecrets: [String: Fault],
        trackerWarnings: [Fault]
    ) {
        self.path = path
        self.vocabulary = vocabulary
        self.secrets = secrets
        self.trackers = trackers
        self.egress = egress
        self.missingSecrets = missingSecrets
        self.trackerWarnings = trackerWarnings
    }

    package struct Loaded: Sendable {
        package let table: RouteTable
        /// The first of them.
        package let warnings: [Fault]
        /// How many more there were.
        package let omittedWarnings: Int
    }

    /// Reads and compiles the whole file, a stretch at a time; blocks, and takes some seconds per million routes. Needs a
    /// thread with a stack of several MiB: the YAML parser recurses. The first `mostWarnings` about routes are kept and
    /// the others counted: what a million routes are warned of can take more memory than the routes do.
    package func load(mostWarnings: Int = .max) throws(FaultyDocument) -> Loaded {
        let streaming = loader(mostWarnings)
        let streamed = YAMLDocument.stream(path: path, key: "publishers") { streaming.take($0, share: $1) }
        if let (found, flaws) = streamed { return try loaded(found, flaws, streaming) }
        // Rare forms of YAML, and texts that are none.
        let (found, flaws) = YAMLDocument.read(path: path)
        return try loaded(found, flaws, loader(mostWarnings))
    }

    private func loader(_ mostWarnings: Int) -> RouteLoader {
        RouteLoader(
            file: path,
            vocabulary: vocabulary,
            secrets: secrets,
            trackers: trackers,
            mostWarnings: mostWarnings,
            refusal: { [egress] in egress.refusal(ofHost: $0.host, port: $0.port) }
        )
    }

    private func loaded(
        _ document: SourceNode?,
        _ flaws: [Fault],
        _ loader: RouteLoader
    ) throws(FaultyDocument) -> Loaded {
        guard let document else { throw FaultyDocument(flaws) }
        let (table, faults) = loader.finish(document)
        guard let table, flaws.isEmpty else { throw FaultyDocument(flaws + faults) }
        return Loaded(table: table, warnings: trackerWarnings + faults, omittedWarnings: loader.omittedWarnings)
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
