package import Documents

/// Section `shutdown`: how long the worker takes its leave.
package struct ShutdownSettings: Sendable, Equatable {
    /// For what is in flight to end before it is handed back, 0 s to 1 h.
    package var drain = Milliseconds(30_000)

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        section.read("drain", .duration(in: Milliseconds(0)...Milliseconds(3_600_000)), into: &drain)
    }
}
