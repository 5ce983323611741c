/// How long to wait before the next try to reach the broker: 200 ms, doubling to 10 s, each ± 20 % so that a fleet of
/// workers does not return at once. For ever: a worker without a broker has nothing better to do.
package struct ReconnectBackOff: Sendable {
    private var failures = 0

    package init() {}

    package mutating func succeeded() { failures = 0 }

    /// Milliseconds until the next try.
    /// - Parameter random: 0 to 1, evenly.
    package mutating func next(random: Double = .random(in: 0..<1)) -> Int32 {
        let base = min(200.0 * Double(1 << min(failures, 6)), 10_000)
        failures += 1
        return Int32(base * (0.8 + 0.4 * random))
    }
}
