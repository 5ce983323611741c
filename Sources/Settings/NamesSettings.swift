/// Section `names`: what things on the broker are called.
package struct NamesSettings: Sendable, Equatable {
    /// The exchange, and the first part of every queue's name: 1 to 60 letters, digits, `.`, `_`, `-`. Not `amq.`, which
    /// the broker keeps for itself.
    package var prefix = "postback"

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        let allowed = "1 to 60 letters, digits, \".\", \"_\" and \"-\", not beginning with \"amq.\""
        section.read(
            "prefix",
            .text(allowed) { SettingName.isAllowed($0, count: 1...60) && !$0.hasPrefix("amq.") },
            into: &prefix
        )
    }
}
