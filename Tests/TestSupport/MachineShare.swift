package import Testing

/// How much of the machine a test takes while it runs, and a thread of its own to run on: integration tests wait for
/// processes, and would hold up all other tests if they waited on a thread of Swift's pool.
package struct MachineShare: TestTrait, SuiteTrait, TestScoping {
    /// Of `MachineGate.capacity`.
    private let units: Int

    package var isRecursive: Bool { true }

    @concurrent
    package func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        await MachineGate.shared.enter(units)
        do {
            try await OwnThread.run(function)
        } catch {
            await MachineGate.shared.leave(units)
            throw error
        }
        await MachineGate.shared.leave(units)
    }

    private init(units: Int) {
        self.units = units
    }

    /// Mostly waits: four at a time.
    package static let light = MachineShare(units: 1)
    /// Keeps a processor busy: two at a time.
    package static let heavy = MachineShare(units: 2)
    /// Measures, and wants no company of other integration tests.
    package static let whole = MachineShare(units: MachineGate.capacity)
}

extension Trait where Self == MachineShare {
    /// Mostly waits: four at a time.
    package static var light: Self { MachineShare.light }
    /// Keeps a processor busy: two at a time.
    package static var heavy: Self { MachineShare.heavy }
    /// Measures, and wants no company of other integration tests.
    package static var whole: Self { MachineShare.whole }
}

/// Lets tests in as long as the machine has room for them, first come first served.
actor MachineGate {
    static let shared = MachineGate()
    static let capacity = 4

    private var free = capacity
    private var waiting: [(units: Int, enter: CheckedContinuation<Void, Never>)] = []

    func enter(_ units: Int) async {
        if waiting.isEmpty, free >= units {
            free -= units
            return
        }
        await withCheckedContinuation { waiting.append((units, $0)) }
    }

    func leave(_ units: Int) {
        free += units
        while let next = waiting.first, next.units <= free {
            waiting.removeFirst()
            free -= next.units
            next.enter.resume()
        }
    }
}
