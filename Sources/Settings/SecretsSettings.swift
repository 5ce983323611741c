import Documents

/// Section `secrets`: where the secrets are that templates name; never the secrets themselves.
package struct SecretsSettings: Sendable, Equatable {
    /// Where one secret is.
    package enum Source: Sendable, Equatable {
        /// The name of an environment variable. Whether it is set is not checked here.
        case env(String)
        /// A path that can be opened as it is. Whether it is there is not checked here.
        case file(String)
    }

    /// From the name of the secret to its place.
    package var sources: [String: Source] = [:]

    /// All defaults.
    package init() {}

    /// The place of the secret called `name`; nil when there is none of that name.
    package subscript(name: String) -> Source? { sources[name] }

    mutating func read(_ document: SettingsSection) {
        let name = "a name of 1 to 100 letters, digits, \".\", \"_\" and \"-\""
        let isName = { SettingName.isAllowed($0, count: 1...100) }
        document.read("secrets", .map(of: .secret(in: document), named: name, where: isName), into: &sources)
        // A secret may well be kept in a variable such as POSTBACK_PARTNER_HMAC.
        for case .env(let variable) in sources.values { document.reader.allowVariable(variable) }
    }
}

extension SettingKind where Value == SecretsSettings.Source {
    /// What stands there is not shown when it is refused: it may be the secret.
    fileprivate static func secret(in section: SettingsSection) -> Self {
        let allowed = "{ env: VARIABLE } or { file: PATH }"
        let path = SettingKind<String>.path(in: section)
        return Self(allowed) { value in
            guard let entries = value.node.entries, entries.count == 1, let entry = entries.first else {
                value.refuseHiding(mustBe: allowed)
                return nil
            }
            let member = value.member(entry)
            switch entry.key {
            case "env":
                if let text = member.text, isVariable(text) { return .env(text) }
                member.refuseHiding(mustBe: "the name of an environment variable: letters, digits and \"_\"")
                return nil
            case "file":
                return path.convert(member).map { .file($0) }
            default:
                let near = Suggestion.closest(to: entry.key, among: ["env", "file"])
                member.refuse(
                    "is not a key of a secret; the keys are env and file",
                    hint: near.map { "did you mean \"\($0)\"?" },
                    at: entry.keyPosition
                )
                return nil
            }
        }
    }

    private static func isVariable(_ text: String) -> Bool {
        SettingName.isAllowed(text, count: 1...200)
            && text.utf8.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "-") }
            && text.first?.isNumber == false
    }
}
