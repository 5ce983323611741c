package import Documents

/// Section `pause`: when a postback that only fails is paused.
package struct PauseSettings: Sendable, Equatable {
    /// How long nothing but failures must have been seen, 1 s to 365 d.
    package var after = Milliseconds(72 * 3_600_000)
    /// How many failures must have been seen in that time, 1 to 1000000.
    package var failures = 10

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        section.read("after", .duration(in: Milliseconds(1_000)...Milliseconds(365 * 86_400_000)), into: &after)
        section.read("failures", .integer(in: 1...1_000_000), into: &failures)
    }
}
