import ArgumentParser
import EventLoop
import Glibc
import Simulation
import Synchronization

/// `simulate`: runs seeds on all processors, or one seed with its trace. `Tests/simulate` builds and starts it.
@main struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "The worker's lanes in a simulated world, with faults at every step.",
        discussion: """
            Exit code 0: everything promised was kept; 1: it was not, the seeds are named; 2: usage.
            """
    )

    @Option(help: ArgumentHelp("How many seeds to run.", valueName: "N"))
    var seeds: Int?

    @Option(help: ArgumentHelp("The first seed.", valueName: "S"))
    var first: UInt64 = 1

    @Option(help: ArgumentHelp("Run this seed alone and show what happens.", valueName: "S"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Go on for so many hours, from a seed that nobody ran before.", valueName: "H"))
    var hours: Double?

    @Option(
        help: ArgumentHelp("Build a known bug in: \(PlantedBug.names). Code 0 when it is found.", valueName: "NAME")
    )
    var planted: PlantedBug?

    @Option(help: ArgumentHelp("How many at a time.", valueName: "N"))
    var jobs: Int = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))

    func validate() throws {
        if (seeds != nil ? 1 : 0) + (seed != nil ? 1 : 0) + (hours != nil ? 1 : 0) > 1 {
            throw ValidationError("--seeds, --seed and --hours exclude each other")
        }
        if let seeds, seeds < 1 { throw ValidationError("--seeds is to be 1 or more") }
        if let hours, !(hours > 0) { throw ValidationError("--hours is to be more than 0") }
        if jobs < 1 { throw ValidationError("--jobs is to be 1 or more") }
    }

    func run() throws {
        if let seed { return try replay(seed) }
        let campaign = Campaign(planted: planted, jobs: jobs)
        if let hours {
            // Every campaign its own seeds: the first thousands are run by every `Tests/run`.
            try campaign.run(from: UInt64.random(in: 1_000_000...(.max / 2)), seconds: hours * 3600)
        } else {
            try campaign.run(from: first, count: seeds ?? 1000)
        }
        print(campaign.summary)
        if planted == nil, campaign.failures > 0 { throw ExitCode(1) }
        if planted != nil, campaign.failures == 0 { throw ExitCode(1) }
    }

    private func replay(_ seed: UInt64) throws {
        let run = Run(seed: seed, on: try Machine(), planted: planted) { print($0) }
        print("seed \(seed): hash \(String(run.hash, radix: 16)), \(run.report)")
        for violation in run.violations { print("VIOLATED  \(violation)") }
        if run.violations.isEmpty == (planted != nil) { throw ExitCode(1) }
    }
}

extension PlantedBug: ExpressibleByArgument {
    fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
