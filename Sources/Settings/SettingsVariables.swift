import Documents

/// Finds the environment variables that look like settings and are none.
struct SettingsVariables {
    /// The variables of the settings.
    let known: Set<String>
    /// Variables with our prefix that the configuration itself refers to, such as those of secrets.
    let foreign: Set<String>

    /// The path of the configuration file, for those who do not want to write `-c`.
    static let configuration = "POSTBACK_CONFIG"
    /// What the test suite uses.
    static let testPrefix = "POSTBACK_TEST_"

    func faults(in environment: [String: String]) -> [Fault] {
        let prefix = SettingKey.variablePrefix
        let endings = known.map { String($0.dropFirst(prefix.count)) }.sorted()
        let unknown = environment.filter { name, value in
            looksLikeSetting(name, endings) && name != Self.configuration && !name.hasPrefix(Self.testPrefix)
                && !known.contains(name) && !foreign.contains(name) && !isServiceLink(name, value)
        }
        return unknown.keys.sorted().map { name in
            let near = Suggestion.closest(to: String(name.dropFirst(prefix.count)), among: endings)
            return Fault(
                file: SettingsReader.environmentName,
                path: name,
                "is not a setting; variables are named after the keys, such as POSTBACK_RETRY_ATTEMPTS",
                hint: near.map { "did you mean \(prefix)\($0)?" }
            )
        }
    }

    /// `POSTBACK_RETRY_ATTEMPS` is a slip, `POSTBACK_CMD` somebody's own variable: what neither begins with the name of a
    /// section nor comes near one of ours is left alone.
    private func looksLikeSetting(_ name: String, _ endings: [String]) -> Bool {
        guard name.hasPrefix(SettingKey.variablePrefix) else { return false }
        // Compared without the prefix, which would make anything look near.
        let ending = String(name.dropFirst(SettingKey.variablePrefix.count))
        let sections = Set(endings.compactMap { $0.split(separator: "_").first })
        return sections.contains { ending.hasPrefix("\($0)_") } || Suggestion.closest(to: ending, among: endings) != nil
    }

    /// Kubernetes puts variables for every service of the namespace into a container, so a service that is called
    /// `postback` or `postback-admin` makes `POSTBACK_SERVICE_HOST`, `POSTBACK_PORT_9464_TCP_ADDR` and the like.
    private func isServiceLink(_ name: String, _ value: String) -> Bool {
        if name.hasSuffix("_SERVICE_HOST") || name.hasSuffix("_SERVICE_PORT") || name.contains("_SERVICE_PORT_") {
            return true
        }
        if name.hasSuffix("_PORT") { return value.contains("://") }
        guard let range = name.ranges(of: "_PORT_").last else { return false }
        let parts = name[range.upperBound...].split(separator: "_")
        return parts.count >= 2 && parts[0].allSatisfy(\.isNumber) && ["TCP", "UDP", "SCTP"].contains(parts[1])
    }
}
