import EventLoop
import Glibc
import Simulation
import Synchronization

/// Many runs, on several threads; each failing seed is told at once.
final class Campaign: Sendable {
    private struct Totals {
        var next: UInt64 = 0
        var runs = 0
        var failures = 0
        var length = 0.0
        var events = 0
        var attempts = 0
        var deadLetters = 0
        var faults = 0
        var doubles = 0
        var steps = 0
        /// Of all runs, in whatever order they ended: the same seeds, the same hash.
        var hash: UInt64 = 0
    }

    private let planted: PlantedBug?
    private let jobs: Int
    private let totals = Mutex(Totals())
    private let begun = Clock.monotonic()

    init(planted: PlantedBug?, jobs: Int) {
        self.planted = planted
        self.jobs = jobs
    }

    var failures: Int { totals.withLock { $0.failures } }

    func run(from first: UInt64, count: Int) throws {
        try run(from: first) { [first] seed in seed < first + UInt64(count) }
    }

    func run(from first: UInt64, seconds: Double) throws {
        let end = begun + Int64(seconds * 1e9)
        try run(from: first) { _ in Clock.monotonic() < end }
    }

    private func run(from first: UInt64, while goesOn: @escaping @Sendable (UInt64) -> Bool) throws {
        totals.withLock { $0.next = first }
        let threads = try (0..<jobs).map { number in
            try LoopThread(name: "simulation-\(number)") { [self] in
                do {
                    let machine = try Machine()
                    while true {
                        let seed = totals.withLock { totals in
                            defer { totals.next += 1 }
                            return totals.next
                        }
                        guard goesOn(seed) else { return }
                        note(Run(seed: seed, on: machine, planted: planted))
                    }
                } catch {
                    totals.withLock { $0.failures += 1 }
                    print("simulate: \(error)")
                }
            }
        }
        for thread in threads { thread.join() }
    }

    private func note(_ run: Run) {
        totals.withLock { totals in
            totals.runs += 1
            totals.length += Double(run.length) / 1e9
            totals.events += run.events
            totals.attempts += run.attempts
            totals.deadLetters += run.deadLetters
            totals.faults += run.faults
            totals.doubles += run.doubles
            totals.steps += run.steps
            totals.hash ^= run.hash &* (2 &* run.seed &+ 1)
            if run.violations.isEmpty { return }
            totals.failures += 1
            // With a planted bug the first few say enough.
            if planted != nil, totals.failures > 3 { return }
            let suffix = planted.map { " --planted \($0.rawValue)" } ?? ""
            print("seed \(run.seed): \(run.violations[0])\n    Tests/simulate --seed \(run.seed)\(suffix)")
        }
    }

    var summary: String {
        totals.withLock { totals in
            let seconds = Double(Clock.monotonic() - begun) / 1e9
            return "\(totals.runs) seeds in \(Int(seconds)) s: \(Int(totals.length / 3600)) simulated hours, "
                + "\(totals.events) events, \(totals.attempts) requests, \(totals.deadLetters) dead letters, "
                + "\(totals.faults) faults, \(totals.doubles) deliveries ended once more for a known reason, "
                + "\(totals.steps) steps; hash \(String(totals.hash, radix: 16)); \(totals.failures) failed"
        }
    }
}

extension Run {
    var report: String {
        "\(Double(length / 1_000_000) / 1000) simulated seconds, \(events) events, \(attempts) requests, "
            + "\(deadLetters) dead letters, \(faults) faults, \(doubles) doubles, \(steps) steps"
    }
}
