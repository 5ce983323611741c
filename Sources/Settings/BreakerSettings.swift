package import Documents

/// Section `breaker`: when requests to a destination are broken off for a while.
package struct BreakerSettings: Sendable, Equatable {
    /// Failures in a row that open it, 0 to 1000000; 0: none does.
    package var failures = 10
    /// Share of failures within `window` that opens it, 0 to 1; 0: none does.
    package var share = 0.8
    /// 1 s to 1 h.
    package var window = Milliseconds(30_000)
    /// How long it is open the first time, 100 ms to 1 h; twice as long after each probe that fails.
    package var open = Milliseconds(5_000)
    /// 100 ms to 1 h.
    package var maxOpen = Milliseconds(300_000)

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        let hour = Milliseconds(3_600_000)
        section.read("failures", .integer(in: 0...1_000_000), into: &failures)
        section.read("share", .number(in: 0...1), into: &share)
        section.read("window", .duration(in: Milliseconds(1_000)...hour), into: &window)
        section.read("open", .duration(in: Milliseconds(100)...hour), into: &open)
        section.read("max_open", .duration(in: Milliseconds(100)...hour), into: &maxOpen)
    }
}
