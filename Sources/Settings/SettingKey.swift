/// One setting that the worker knows: its place in the file, its environment variable, what may stand there.
package struct SettingKey: Sendable, Hashable {
    /// For example `dispatch.per_host`.
    package let path: String
    /// What is allowed, as the faults say it: `a whole number from 1 to 20000`.
    package let allowed: String

    /// For example `POSTBACK_DISPATCH_PER_HOST`.
    package var variable: String {
        Self.variablePrefix + path.uppercased().replacing(".", with: "_")
    }

    static let variablePrefix = "POSTBACK_"
}
