/// Section `tokens`: more names for the values of an event.
package struct TokensSettings: Sendable, Equatable {
    /// Another name for a token, beside those that are built in (`EXTERNAL_ID`, `MONEY`). Whether the token exists is
    /// for the templates to say.
    package var aliases: [String: String] = [:]
    /// A token of its own, from the name to a JSON Pointer (RFC 6901) into the event.
    package var custom: [String: String] = [:]

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        let name = "a name of 1 to 100 letters, digits, \".\", \"_\" and \"-\""
        let isName = { SettingName.isAllowed($0, count: 1...100) }
        let token = SettingKind<String>.text("the name of a token such as click_id", where: isName)
        let pointer = SettingKind<String>.text("a JSON Pointer such as /parameters/campaign/id", where: Self.isPointer)
        section.read("aliases", .map(of: token, named: name, where: isName), into: &aliases)
        section.read("custom", .map(of: pointer, named: name, where: isName), into: &custom)
    }

    /// RFC 6901: every part begins with a slash, a tilde is followed by 0 or 1. The empty pointer, the whole event, is
    /// no value that fits into a URL.
    private static func isPointer(_ text: String) -> Bool {
        guard text.hasPrefix("/") else { return false }
        return text.split(separator: "~", omittingEmptySubsequences: false).dropFirst().allSatisfy {
            $0.hasPrefix("0") || $0.hasPrefix("1")
        }
    }
}
