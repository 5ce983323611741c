extension SettingKind where Value == String {
    /// A path that can be opened as it is, whether it came from the file or from the environment.
    static func path(in section: SettingsSection) -> Self {
        let allowed = "the path of a file"
        return Self(allowed) { value in
            guard let text = value.text, !text.isEmpty else {
                value.refuse(mustBe: allowed)
                return nil
            }
            if case .environment = value.source { return text }
            return section.resolved(text)
        }
    }
}

extension SettingKind where Value == String? {
    /// The same, or nothing: an empty text.
    static func optionalPath(in section: SettingsSection) -> Self {
        let path = SettingKind<String>.path(in: section)
        return Self("\(path.allowed), or empty") { value in
            value.text == "" ? .some(nil) : path.convert(value).map { .some($0) }
        }
    }
}
