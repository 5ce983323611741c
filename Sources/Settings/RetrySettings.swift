package import Documents

/// Section `retry`: when a failed delivery is tried again.
package struct RetrySettings: Sendable, Equatable {
    /// Attempts in all, the first one included, 1 to 1000.
    package var attempts = 12
    /// From the first failure to the second attempt, 100 ms to 7 d.
    package var firstDelay = Milliseconds(5_000)
    /// By which each delay is longer than the one before, 1 to 10.
    package var factor = 3.0
    /// No delay is longer, 100 ms to 7 d; also of the first one.
    package var maxDelay = Milliseconds(6 * 3_600_000)
    /// The part by which a delay is made shorter or longer at random, 0 to 1.
    package var jitter = 0.2
    /// From the first attempt; later ones are not made, 1 s to 365 d.
    package var maxAge = Milliseconds(72 * 3_600_000)

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        let delays = Milliseconds(100)...Milliseconds(7 * 86_400_000)
        section.read("attempts", .integer(in: 1...1000), into: &attempts)
        section.read("first_delay", .duration(in: delays), into: &firstDelay)
        section.read("factor", .number(in: 1...10), into: &factor)
        section.read("max_delay", .duration(in: delays), into: &maxDelay)
        section.read("jitter", .number(in: 0...1), into: &jitter)
        section.read("max_age", .duration(in: Milliseconds(1_000)...Milliseconds(365 * 86_400_000)), into: &maxAge)
    }
}
