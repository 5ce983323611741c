import Testing

@testable import Delivery

/// The intake as a class, whose steps can stand in an expectation.
private final class Intake {
    private var value: SuspectIntake

    init(prefetch: Int) { value = SuspectIntake(prefetch: prefetch, seed: 1) }

    var isOpen: Bool { value.isOpen }
    var needsTurn: Bool { value.needsTurn }
    func connected(hasTurn: Bool, now: Int64) { value.connected(hasTurn: hasTurn, now: now) }
    func arrived(_ slot: Int, returns: Int, now: Int64) -> Bool { value.arrived(slot, returns: returns, now: now) }
    func settled(returns: Int, now: Int64) { value.settled(returns: returns, now: now) }
    func setAside(returns: Int, now: Int64) { value.setAside(returns: returns, now: now) }
    func condemned() { value.condemned() }
    func settledAside() { value.settledAside() }
    func step(now: Int64) -> SuspectIntake.Step { value.step(now: now) }
    func tookTurn() { value.tookTurn() }
    func givesUpTurn(isAskedFor: Bool = false, now: Int64 = 0) -> Bool {
        value.givesUpTurn(isAskedFor: isAskedFor, now: now)
    }
    func nextHeld() -> Int? { value.nextHeld() }
    func ended() { value.ended() }
    func takeHeld() -> [Int] { value.takeHeld() }
    func deadline(now: Int64) -> Int64? { value.deadline(now: now) }
}

@Suite struct SuspectIntakeTests {
    private static let second: Int64 = 1_000_000_000
    private static let late: Int64 = 300_000_000

    @Test(arguments: [
        CrashLoop.World(processes: 1, lanes: 1, poison: [0]),
        CrashLoop.World(processes: 1, lanes: 2, poison: [100]),
        CrashLoop.World(processes: 2, lanes: 1, poison: [77]),
        CrashLoop.World(processes: 3, lanes: 2, poison: [60]),
        CrashLoop.World(processes: 1, lanes: 4, poison: [10, 11, 200]),
        CrashLoop.World(processes: 4, lanes: 1, poison: [1, 299]),
        CrashLoop.World(processes: 1, lanes: 2, prefetch: 1, messages: 40, poison: [20], slow: [19, 21, 22]),
        CrashLoop.World(processes: 2, lanes: 3, prefetch: 1, messages: 60, poison: [20, 40], slow: [19, 21, 41]),
        CrashLoop.World(processes: 1, lanes: 2, prefetch: 2, messages: 40, poison: [20], slow: [19, 21, 22]),
        // A queue that brings nothing for a while need not be empty.
        CrashLoop.World(processes: 1, lanes: 1, poison: [100], lateness: late),
        CrashLoop.World(processes: 1, lanes: 2, poison: [100], lateness: late),
        // What was condemned cannot be handed off at once.
        CrashLoop.World(processes: 1, lanes: 1, poison: [0, 100], restart: second, handOff: 60 * second),
        CrashLoop.World(processes: 1, lanes: 1, poison: [10, 11, 200], restart: second, handOff: 60 * second),
        CrashLoop.World(processes: 2, lanes: 2, poison: [10, 11, 200], restart: second, handOff: 60 * second),
    ])
    func `What kills ends as poison, and its neighbours are delivered`(world: CrashLoop.World) {
        for seed in UInt64(0)..<6 { check(seed, world) }
    }

    /// All are wide open when it begins, and each takes what another gave back.
    @Test(arguments: [(6, 0), (8, late), (12, 0), (12, late), (24, 0)])
    func `So it is with many replicas`(processes: Int, lateness: Int64) {
        for seed in UInt64(0)..<4 {
            check(
                seed,
                CrashLoop.World(
                    processes: processes,
                    lanes: lateness > 0 ? 2 : 1,
                    prefetch: 500,
                    poison: [100],
                    lateness: lateness,
                    restart: Self.second,
                    stream: 20_000_000
                )
            )
        }
    }

    private func check(_ seed: UInt64, _ world: CrashLoop.World) {
        var loop = CrashLoop(seed: seed, world)
        loop.run(length: 3600 * Self.second)
        #expect(loop.isOver && Set(loop.condemned) == world.poison && loop.condemned.count == world.poison.count)
        #expect(loop.delivered.intersection(0..<world.messages).count == world.messages - world.poison.count)
        #expect(loop.delivered.isDisjoint(with: world.poison))
        #expect(loop.crashes >= Suspicion.poison && loop.crashes <= Suspicion.poison * world.poison.count)
        #expect(loop.highest < Suspicion.poison, "seed \(seed)")
        if world.prefetch == 1 { #expect(loop.mostInHand == 1) }
    }

    @Test func `Ten suspects that cannot be handed on for a minute do not wait for each other`() {
        let world = CrashLoop.World(
            processes: 1,
            lanes: 2,
            poison: [100],
            handOff: 60 * Self.second,
            handedOn: Set(101...110)
        )
        for seed in UInt64(0)..<4 {
            var loop = CrashLoop(seed: seed, world)
            loop.run(length: 3600 * Self.second)
            // The ten, and behind them what is poison.
            #expect(loop.isOver && loop.condemned == [100] && loop.now < 180 * Self.second)
        }
    }

    @Test func `Only a message opens the window, silence never does`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: true, now: 0)
        #expect(intake.step(now: 0) == .keep && !intake.isOpen && intake.deadline(now: 0) == nil)
        #expect(intake.step(now: 3600 * Self.second) == .keep && !intake.givesUpTurn(now: 3600 * Self.second))
        let now = 3600 * Self.second + 1
        #expect(intake.arrived(1, returns: 0, now: now) && intake.step(now: now) == .consume(100))
        #expect(intake.givesUpTurn() && intake.isOpen && intake.deadline(now: now) == nil)
    }

    @Test func `Whoever waits for a first message leaves the turn to a lane that has some waiting for it`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: true, now: 0)
        #expect(intake.step(now: 0) == .keep)
        #expect(!intake.givesUpTurn(isAskedFor: true, now: SuspectIntake.courtesy - 1))
        #expect(intake.givesUpTurn(isAskedFor: true, now: SuspectIntake.courtesy))
        #expect(intake.step(now: SuspectIntake.courtesy) == .awaitTurn && !intake.needsTurn)
        // What was on its way all the same.
        #expect(!intake.arrived(1, returns: 9, now: Self.second) && intake.needsTurn)
        intake.tookTurn()
        #expect(intake.nextHeld() == 1 && !intake.needsTurn)
        #expect(!intake.givesUpTurn(isAskedFor: true, now: 9 * Self.second))
    }

    @Test func `The longer in vain, the less often the turn is asked for`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: false, now: 0)
        #expect(intake.deadline(now: 0) == SuspectIntake.pause.lowerBound)
        #expect(intake.deadline(now: Self.second) == Self.second + Self.second / 8)
        #expect(intake.deadline(now: 9 * Self.second) == 9 * Self.second + SuspectIntake.pause.upperBound)
    }

    @Test func `Without the turn nothing is consumed, and what came all the same is held`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: false, now: 0)
        #expect(intake.step(now: 0) == .awaitTurn && intake.step(now: 1) == .awaitTurn)
        intake.tookTurn()
        #expect(intake.step(now: 2) == .consume(1))
        #expect(intake.arrived(1, returns: 0, now: 3) && intake.step(now: 3) == .consume(100))
        #expect(intake.givesUpTurn() && !intake.givesUpTurn())

        #expect(!intake.arrived(2, returns: 6, now: 4) && !intake.arrived(3, returns: 7, now: 4))
        #expect(intake.arrived(4, returns: 2, now: 4))
        #expect(intake.step(now: 4) == .awaitTurn && intake.nextHeld() == nil && intake.needsTurn)
        intake.tookTurn()
        #expect(intake.nextHeld() == 2 && intake.nextHeld() == nil && !intake.givesUpTurn())
        intake.settled(returns: 6, now: 6)
        #expect(intake.nextHeld() == 3)
        // None comes beside one that must be alone.
        #expect(intake.step(now: 6) == .keep && intake.deadline(now: 6) == nil)
        intake.settled(returns: 7, now: 7)
        #expect(intake.deadline(now: 7) == 7 && intake.step(now: 8) == .consume(1) && !intake.isOpen)
        #expect(intake.arrived(5, returns: 0, now: 9) && intake.step(now: 9) == .consume(100))
        #expect(intake.givesUpTurn() && intake.isOpen)
    }

    @Test func `A wide consumer brings no more beside one that must be alone, also when the turn was not given up`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: true, now: 0)
        #expect(intake.arrived(1, returns: 0, now: 0) && intake.step(now: 0) == .consume(100))
        #expect(intake.arrived(2, returns: 6, now: 1) && !intake.givesUpTurn() && intake.step(now: 1) == .awaitTurn)
        intake.tookTurn()
        #expect(intake.step(now: 2) == .keep)
    }

    @Test func `The higher the count, the fewer at a time`() {
        let widths = (0...20).map { Suspicion.width(returns: $0, prefetch: 1000) }
        #expect(widths == [1000, 1000, 1000, 100, 10] + Array(repeating: 1, count: 16))
        #expect((0...20).map { Suspicion.width(returns: $0, prefetch: 5) }.max() == 5)
        // Below the 20 at which the broker would end it.
        #expect((0...20).map { Suspicion.isPoison(returns: $0) }.firstIndex(of: true) == 18)
    }

    @Test func `Of a middle suspicion ten start, and the rest as those end`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: true, now: 0)
        #expect(intake.arrived(0, returns: 0, now: 0) && intake.step(now: 0) == .consume(100))
        let started = (1...30).filter { intake.arrived($0, returns: 4, now: 1) }
        #expect(started == Array(1...10) && intake.step(now: 1) == .consume(10))
        intake.settled(returns: 4, now: 2)
        let next = intake.nextHeld()
        #expect(next != nil && intake.nextHeld() == nil)
        intake.ended()
        #expect(Set(intake.takeHeld()) == Set(11...30).subtracting([next ?? 0]))
    }

    @Test func `The less suspicious start first, and equals in no order`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: true, now: 0)
        #expect(intake.arrived(0, returns: 0, now: 0) && intake.step(now: 0) == .consume(100))
        #expect(intake.givesUpTurn())
        for slot in 1...20 { #expect(!intake.arrived(slot, returns: slot == 1 ? 8 : 7, now: 1)) }
        #expect(intake.step(now: 1) == .awaitTurn)
        intake.tookTurn()
        var order: [Int] = []
        while let slot = intake.nextHeld() {
            order.append(slot)
            intake.settled(returns: slot == 1 ? 8 : 7, now: 2)
        }
        #expect(Set(order) == Set(1...20) && order.last == 1)
        #expect(Array(order.dropLast()) != Array(2...20) && Array(order.dropLast()) != (2...20).reversed())
    }

    @Test func `Beside what waits for another queue the next one is asked for`() {
        let intake = Intake(prefetch: 3)
        intake.connected(hasTurn: true, now: 0)
        intake.condemned()
        #expect(intake.deadline(now: 5 * Self.second) == 5 * Self.second)
        #expect(intake.step(now: 5 * Self.second) == .consume(1))
        #expect(intake.arrived(2, returns: 7, now: 6 * Self.second) && intake.step(now: 6 * Self.second) == .keep)
        intake.setAside(returns: 7, now: 7 * Self.second)
        #expect(intake.step(now: 7 * Self.second) == .consume(1))
        // As many as there may be in hand.
        intake.condemned()
        #expect(intake.step(now: 8 * Self.second) == .keep && intake.deadline(now: 8 * Self.second) == nil)
        intake.settledAside()
        #expect(intake.arrived(4, returns: 0, now: 9 * Self.second) && intake.step(now: 9 * Self.second) == .consume(3))
        #expect(intake.givesUpTurn() && intake.isOpen)
    }

    @Test func `With a prefetch of one the turn is needed as well, and the consumer stays the same`() {
        let intake = Intake(prefetch: 1)
        intake.connected(hasTurn: false, now: 0)
        #expect(intake.step(now: 0) == .awaitTurn)
        intake.tookTurn()
        #expect(intake.step(now: 1) == .consume(1))
        #expect(intake.arrived(1, returns: 8, now: 2) && intake.step(now: 2) == .keep && !intake.givesUpTurn())
        intake.settled(returns: 8, now: 3)
        #expect(intake.arrived(2, returns: 0, now: 4) && intake.step(now: 4) == .keep)
        #expect(intake.givesUpTurn() && intake.isOpen)
        // Several lanes may be so far, and each has one that must be alone.
        #expect(!intake.arrived(3, returns: 5, now: 5) && intake.step(now: 5) == .awaitTurn)
    }
}
