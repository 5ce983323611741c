import Testing

@testable import Simulation

@Suite struct SimulationTests {
    /// The first of the 10,000 that `Tests/run` simulates in a release build.
    @Test func `Whatever breaks, everything promised is kept`() throws {
        let machine = try Machine()
        var faults = 0
        for seed in 1...80 as ClosedRange<UInt64> {
            let run = Run(seed: seed, on: machine)
            for violation in run.violations { Issue.record("Tests/simulate --seed \(seed): \(violation)") }
            faults += run.faults
        }
        #expect(faults > 500)
    }

    /// By the check that is meant for it.
    @Test(
        arguments: zip(
            PlantedBug.allCases,
            [
                "was acknowledged, and nothing is left of", "was acknowledged, and nothing is left of",
                "was acknowledged, and nothing is left of",
                "as exhausted after 1 attempts of", "as poison, given back 0 times", "as attempt 0, without one",
                "ms to wait", "and a lane that drained left it behind", "as poison, by a process that lived on",
            ]
        )
    )
    func `A known bug is found`(bug: PlantedBug, words: String) throws {
        let machine = try Machine()
        let found = (1...200 as ClosedRange<UInt64>).contains { seed in
            Run(seed: seed, on: machine, planted: bug).violations.contains { $0.contains(words) }
        }
        #expect(found, "\(bug.rawValue) stays unseen")
    }

    @Test func `A seed always takes the same way`() throws {
        let machine = try Machine()
        let hashes = (1...10 as ClosedRange<UInt64>).map { Run(seed: $0, on: machine).hash }
        #expect(hashes == (1...10 as ClosedRange<UInt64>).map { Run(seed: $0, on: machine).hash })
        #expect(Set(hashes).count == 10)
    }

    @Test func `The trace tells what happened, one line each`() throws {
        var lines: [String] = []
        let run = Run(seed: 3, on: try Machine()) { lines.append($0) }
        #expect(lines.count > run.events)
        #expect(lines.contains { $0.contains("enqueued") && $0.contains("postback.conversions") })
    }
}
