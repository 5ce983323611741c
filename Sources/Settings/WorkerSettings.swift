package import Documents

/// Everything that can be configured, read once at the start and checked: what is in here can be used as it is.
///
/// Defaults are those of the stored properties. Each key is also an environment variable, `retry.max_age` for example
/// `POSTBACK_RETRY_MAX_AGE`, which wins over the file: lists are separated by commas, mappings written as JSON.
package struct WorkerSettings: Sendable {
    // The sections of the file, each described at its type.
    package var broker = BrokerSettings()
    package var routes = RoutesSettings()
    package var dispatch = DispatchSettings()
    package var breaker = BreakerSettings()
    package var retry = RetrySettings()
    package var egress = EgressSettings()
    package var admin = AdminSettings()
    package var shutdown = ShutdownSettings()
    package var log = LogSettings()
    package var names = NamesSettings()
    package var deliveries = DeliveriesSettings()
    package var pause = PauseSettings()
    /// Query parameters and headers whose name holds one of these words, in any case, are shown masked.
    package var mask = ["token", "key", "secret", "signature", "password", "auth", "hash"]
    package var tokens = TokensSettings()
    package var secrets = SecretsSettings()
    /// Trackers beside the catalogue, as written: a mapping or `.null`. Whoever owns the catalogue reads them.
    package var trackers = SourceNode.nothing
    /// The file to name in faults about ``trackers``: the configuration file, or `environment`.
    package var trackersFile = "postback.yaml"

    /// All defaults.
    package init() {}

    /// The settings in the file at `path` and in the environment.
    ///
    /// `required` is false for the file that is read when nobody named one: if it is missing, the defaults and the
    /// environment are enough. Throws every fault of both at once; those of variables have the file `environment`.
    package static func load(
        path: String,
        required: Bool,
        environment: [String: String]
    ) throws(FaultyDocument) -> WorkerSettings {
        try read(path: path, required: required, environment: environment).sound()
    }

    /// What could be read of settings: what is faulty has its default.
    package struct Reading {
        package let settings: WorkerSettings
        /// In the order of the lines.
        package let faults: [Fault]
        /// Whether `routes.file` is what somebody meant: false when the file is no YAML or the section is faulty.
        package let knowsRoutes: Bool

        func sound() throws(FaultyDocument) -> WorkerSettings {
            if !faults.isEmpty { throw FaultyDocument(faults) }
            return settings
        }
    }

    /// The same for whoever wants to look on after a fault.
    package static func read(path: String, required: Bool, environment: [String: String]) -> Reading {
        if !required && !TextFile.exists(path) { return read(nil, file: path, environment, faults: []) }
        var root: SourceNode?
        var faults: [Fault] = []
        do {
            root = try YAMLDocument.load(path: path)
        } catch {
            faults = error.faults
        }
        return read(root, file: path, environment, faults: faults)
    }

    /// The same for a text; paths in it start at the folder of `file`.
    package static func parse(
        _ text: String,
        file: String,
        environment: [String: String] = [:]
    ) throws(FaultyDocument) -> WorkerSettings {
        var root: SourceNode?
        var faults: [Fault] = []
        do {
            root = try YAMLDocument.parse(text, file: file)
        } catch {
            faults = error.faults
        }
        return try read(root, file: file, environment, faults: faults).sound()
    }

    /// Every setting there is, in the order of the file.
    package static var keys: [SettingKey] {
        let reader = SettingsReader(root: nil, file: "", environment: [:])
        _ = WorkerSettings(reader)
        reader.forgetSections()
        return reader.keys
    }

    /// `faults`: those of a file that could not be parsed. The environment is checked all the same.
    private static func read(
        _ root: SourceNode?,
        file: String,
        _ environment: [String: String],
        faults: [Fault]
    ) -> Reading {
        let reader = SettingsReader(root: root, file: file, environment: environment)
        let settings = WorkerSettings(reader)
        reader.refuseUnknown()
        let all = FaultyDocument(faults + reader.faults).faults
        let isNamed = environment["POSTBACK_ROUTES_FILE"] != nil
        let isFaulty = all.contains { $0.path == "routes" || $0.path.hasPrefix("routes.") }
        return Reading(settings: settings, faults: all, knowsRoutes: (faults.isEmpty || isNamed) && !isFaulty)
    }

    private init(_ reader: SettingsReader) {
        let document = reader.document()
        broker.read(document.section("broker"))
        routes.read(document.section("routes"))
        dispatch.read(document.section("dispatch"))
        breaker.read(document.section("breaker"))
        retry.read(document.section("retry"))
        egress.read(document.section("egress"))
        admin.read(document.section("admin"))
        shutdown.read(document.section("shutdown"))
        log.read(document.section("log"))
        names.read(document.section("names"))
        deliveries.read(document.section("deliveries"))
        pause.read(document.section("pause"))
        document.read("mask", .maskedNames, into: &mask)
        tokens.read(document.section("tokens"))
        secrets.read(document)
        document.read("trackers", .mapping("a mapping from the name of a tracker to its template"), into: &trackers)
        let fromEnvironment = reader.environment["POSTBACK_TRACKERS"] != nil
        trackersFile = fromEnvironment ? SettingsReader.environmentName : reader.file
    }
}

extension SettingKind where Value == [String] {
    fileprivate static var maskedNames: Self {
        let allowed = "words of letters, digits, \"-\", \"_\" and \".\""
        let word = SettingKind<String>.text("a word of 1 to 100 letters, digits, \"-\", \"_\" and \".\"") {
            SettingName.isAllowed($0, count: 1...100)
        }
        return list(of: word, count: 0...1000, called: "a list of up to 1000 \(allowed)")
    }
}
