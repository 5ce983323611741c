import Delivery
import Testing

/// What the gate does for the rest when one destination is bad, in simulated time.
@Suite struct GateIsolationTests {
    private static let ms: Int64 = 1_000_000
    private static let second: Int64 = 1_000_000_000
    /// Without a breaker: what the window and the limits do by themselves.
    private let open = BreakerPolicy(failures: 0, share: 0)

    private func policy(_ breaker: BreakerPolicy? = nil, rate: Double = 0, window: Int = 1000) -> DispatchPolicy {
        DispatchPolicy(
            concurrency: 500,
            perDestination: 50,
            rate: rate,
            window: window,
            breaker: breaker ?? BreakerPolicy()
        )
    }

    private func healthy(_ simulation: GateSimulation) -> Int { simulation.done[0] }

    @Test(arguments: [AttemptEnding.timedOut, .answered, .unreachable, .serverError], [true, false])
    func `A fifth of the events to a bad destination: the rest hardly notices`(ending: AttemptEnding, hasBreaker: Bool)
    {
        // A black hole, a slow answer, a refused connection, a quick 500.
        let latency = ending == .timedOut || ending == .answered ? 5 * Self.second : Self.ms
        let policy = policy(hasBreaker ? nil : open, window: 500)
        var alone = GateSimulation(policy, [.init(share: 1, latency: 2 * Self.ms)], seed: 1)
        var both = GateSimulation(
            policy,
            [.init(share: 0.8, latency: 2 * Self.ms), .init(share: 0.2, latency: latency, ending: ending)],
            seed: 1
        )
        alone.run(until: 10 * Self.second)
        both.run(until: 10 * Self.second)
        // A fifth of the work is the bad one's own; parking it costs half of a delivery.
        let share = Double(healthy(both)) / Double(healthy(alone))
        #expect(share > 0.75, "\(healthy(both)) of \(healthy(alone))")
        #expect(both.mostUnderWay[1] <= 50)
    }

    @Test func `Ten thousand dead hosts leave the rest its share`() {
        let policy = policy(window: 1000)
        var servers = [GateSimulation.Server(share: 0.8, latency: 2 * Self.ms)]
        let dead = 2000
        for _ in 0..<dead {
            servers.append(.init(share: 0.2 / Double(dead), latency: 2 * Self.second, ending: .timedOut))
        }
        var simulation = GateSimulation(policy, servers, seed: 2)
        simulation.run(until: 5 * Self.second)
        let done = simulation.done[0]
        #expect(done > 5 * 2500, "\(done) in 5 s")
    }

    @Test(arguments: [1, 5, 20, 60])
    func `One healthy destination with all of the traffic is never parked`(latency: Int64) {
        var simulation = GateSimulation(policy(), [.init(share: 1, latency: latency * Self.ms)], seed: 3)
        simulation.run(until: 5 * Self.second)
        #expect(simulation.parked == [0])
        // At full speed from the start: fifty at a time.
        let possible = min(50 * 1000 / Double(latency), 3000)
        #expect(Double(simulation.done[0]) > 5 * possible * 0.8, "\(simulation.done[0])")
    }

    @Test func `Several equally fast ones are not parked either`() {
        let servers = Array(repeating: GateSimulation.Server(share: 0.2, latency: 100 * Self.ms), count: 5)
        var simulation = GateSimulation(policy(), servers, seed: 4)
        simulation.run(until: 5 * Self.second)
        #expect(simulation.parked.allSatisfy { $0 == 0 }, "\(simulation.parked)")
    }

    @Test func `Parked ones come back and get their turn, at full speed of their destination`() {
        // 500 ms, 50 at a time: 100 a second, of which 1,000 come.
        let servers = [
            GateSimulation.Server(share: 0.8, latency: 2 * Self.ms),
            .init(share: 0.2, latency: 500 * Self.ms),
        ]
        var simulation = GateSimulation(policy(), servers, seed: 5)
        simulation.run(until: 60 * Self.second)
        #expect(simulation.parked[1] > 0)
        #expect(simulation.done[1] > 60 * 80, "\(simulation.done[1])")
        #expect(simulation.done[0] > 60 * 2000, "\(simulation.done[0])")
    }

    /// Found by the soak: at one or two at a time nothing came through between the time-outs, and the ladder filled.
    @Test func `One that forgets a request in twenty keeps up all the same`() {
        // 100 a second and more: with the time-outs on the way that takes ten at a time.
        let servers = [
            GateSimulation.Server(share: 0.95, latency: 20 * Self.ms),
            .init(share: 0.05, latency: 30 * Self.ms, forgotten: 0.05),
        ]
        var simulation = GateSimulation(policy(), servers, seed: 8)
        simulation.run(until: 30 * Self.second)
        let left = simulation.left(to: 1, from: 25 * Self.second)
        #expect(left < 20, "\(left) of \(simulation.done[1])")
        #expect(simulation.parked[1] < simulation.done[1] / 10, "\(simulation.parked[1]) of \(simulation.done[1])")
    }

    @Test(arguments: [AttemptEnding.answered, .timedOut])
    func `What was parked in a bad time is over soon after it`(ending: AttemptEnding) {
        let well = 20 * Self.second
        let bad = GateSimulation.Server(share: 0.02, latency: 8 * Self.second, ending: ending, wellFrom: well)
        var simulation = GateSimulation(policy(), [.init(share: 0.98, latency: 2 * Self.ms), bad], seed: 7)
        simulation.run(until: well)
        #expect(simulation.parked[1] > 300)
        simulation.run(until: well + 80 * Self.second)
        let left = simulation.left(to: 1, from: well)
        #expect(left == 0, "\(left) of \(simulation.parked[1])")
    }

    @Test(arguments: 0..<3)
    func `The publishers of one slow destination get equal shares, whatever one of them sends`(seed: UInt64) {
        let servers = [
            GateSimulation.Server(share: 0.7, latency: 2 * Self.ms),
            .init(share: 0.3, latency: 100 * Self.ms, publishers: 4),
        ]
        var simulation = GateSimulation(policy(), servers, seed: seed)
        simulation.run(until: 30 * Self.second)
        let shares = (0..<4).map { Double(simulation.donePerPublisher[1000 + $0] ?? 0) }
        let mean = shares.reduce(0, +) / 4
        for share in shares { #expect(abs(share - mean) < 0.1 * mean, "\(shares)") }
    }

    @Test func `A rate is kept to, and used up`() {
        var simulation = GateSimulation(
            policy(rate: 100),
            [.init(share: 0.5, latency: Self.ms), .init(share: 0.5, latency: Self.ms)],
            seed: 6
        )
        simulation.run(until: 10 * Self.second)
        for done in simulation.done { #expect(done >= 980 && done <= 1011, "\(done)") }
    }
}
