import Delivery
import Settings
import Worker

/// What kind of world a run has, drawn from its seed: how much happens, how the worker is configured, which faults
/// there are. Each run has only some kinds of them, so that one cannot hide what another brings about.
struct Circumstances {
    let events: Int
    /// Nanoseconds over which upstream publishes, and over which there are faults.
    let length: Int64
    /// The consuming connections hardly last, so that what is under way is given back more often than a crash loop would.
    let isRestless: Bool
    let replicas: Int
    /// Of each replica.
    let lanes: Int
    let options: LaneOptions
    let deliveryLimit: Int
    /// The probability that a publication is refused, and that the broker dead-letters a message twice.
    let refusals: Double
    let doubling: Double
    /// The broker confirms in batches.
    let batchesConfirms: Bool
    let faults: [Fault]
    /// Nanoseconds between two faults, on average.
    let quiet: Int64
    /// False when the world comes to rest.
    var areFaultsOn = true

    init(_ dice: Dice, _ template: LaneOptions) {
        isRestless = dice.chance(0.1)
        events = dice.number(20...200)
        length = dice.length(isRestless ? .seconds(10) ... .seconds(60) : .seconds(2) ... .seconds(900))
        replicas = isRestless ? 1 : dice.number(1...2)
        lanes = dice.chance(0.2) ? 2 : 1
        deliveryLimit = dice.chance(0.1) ? dice.number(1...3) : 20
        refusals = dice.chance(0.3) ? 0.05 : 0
        doubling = dice.chance(0.1) ? 0.02 : 0
        batchesConfirms = dice.chance(0.6)
        let ends = isRestless ? [Fault.killed, .terminated] : []
        faults = Fault.allCases.filter { dice.chance(0.4) && !ends.contains($0) } + (isRestless ? [.consumerCut] : [])
        quiet = dice.length(max(.milliseconds(200), length / 200)...max(.seconds(1), length / 5))

        var options = template
        options.prefetch = Int(dice.length(1...120))
        options.concurrency = Int(dice.length(1...60))
        let perHost = Int(dice.length(1...20))
        options.dispatch = DispatchPolicy(
            concurrency: options.concurrency,
            perDestination: perHost,
            rate: dice.chance(0.1) ? Double(dice.number(1...20)) : 0,
            window: options.prefetch,
            breaker: BreakerPolicy(
                failures: dice.number(0...12),
                share: dice.chance(0.8) ? 0.8 : 0,
                open: dice.length(.milliseconds(500) ... .seconds(20)),
                maxOpen: dice.length(.seconds(20) ... .seconds(300))
            )
        )
        options.pausing = PausePolicy(
            after: dice.chance(0.2) ? dice.length(1000...300_000) : 259_200_000,
            failures: dice.number(1...10)
        )
        options.connectTimeout = Int(dice.length(200...3000))
        options.timeout = isRestless ? 8000 : Int(dice.length(300...8000))
        options.retry = RetryPolicy(
            attempts: Int(dice.length(1...12)),
            firstDelay: dice.length(1...20_000),
            factor: dice.chance(0.5) ? 3 : 1.5,
            maxDelay: dice.length(20_000...600_000),
            jitter: dice.chance(0.8) ? 0.2 : 0,
            maxAge: dice.chance(0.8) ? 259_200_000 : dice.length(30_000...600_000)
        )
        options.drainPatience = dice.length(.milliseconds(100) ... .seconds(30))
        self.options = options
    }

    /// One process lives through the whole run.
    var hasOneProcess: Bool { replicas == 1 && !faults.contains(.killed) && !faults.contains(.terminated) }
}
