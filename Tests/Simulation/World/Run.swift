/// What came of a run.
package struct Run: Sendable {
    package let seed: UInt64
    /// What was promised and not kept; empty when all is well. The run ends with the first.
    package let violations: [String]
    /// Two runs with the same hash took the same way.
    package let hash: UInt64
    /// Simulated nanoseconds.
    package let length: Int64
    package let events: Int
    package let attempts: Int
    package let deadLetters: Int
    package let faults: Int
    /// Deliveries that ended once more than needed, each for a reason that the contract names.
    package let doubles: Int
    package let steps: Int

    /// - Parameter print: gets each line of the trace.
    package init(seed: UInt64, on machine: Machine, planted: PlantedBug? = nil, print: ((String) -> Void)? = nil) {
        let world = World(seed: seed, on: machine, planted: planted, print: print)
        world.run()
        self.seed = seed
        violations = world.oracle.violations
        hash = world.trace.hash
        length = world.timeline.now
        events = world.upstream.published
        attempts = world.oracle.attempts
        deadLetters = world.oracle.deadLettered
        faults = world.faultCount
        doubles = world.oracle.doubles
        steps = world.timeline.steps
        world.end()
    }
}
