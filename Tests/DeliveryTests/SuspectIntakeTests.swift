import Testing

@testable import Delivery

/// The intake as a class, whose steps can stand in an expectation.
private final class Intake {
    private var value: SuspectIntake

    init(prefetch: Int) { value = SuspectIntake(prefetch: prefetch) }

    var isOpen: Bool { value.isOpen }
    func connected(hasTurn: Bool, now: Int64) { value.connected(hasTurn: hasTurn, now: now) }
    func arrived(_ slot: Int, returns: Int, now: Int64) -> Bool { value.arrived(slot, returns: returns, now: now) }
    func settled(returns: Int, now: Int64) { value.settled(returns: returns, now: now) }
    func step(now: Int64) -> SuspectIntake.Step { value.step(now: now) }
    func tookTurn() { value.tookTurn() }
    func givesUpTurn() -> Bool { value.givesUpTurn() }
    func nextHeld() -> Int? { value.nextHeld() }
    func ended() -> Bool { value.ended() }
    func takeHeld() -> [Int] { value.takeHeld() }
    func deadline(now: Int64) -> Int64? { value.deadline(now: now) }
}

@Suite struct SuspectIntakeTests {
    struct World: Sendable, CustomTestStringConvertible {
        var processes: Int
        var lanes: Int
        var prefetch = 150
        var messages = 300
        var poison: Set<Int>
        var slow: Set<Int> = []
        var testDescription: String {
            "\(processes) processes of \(lanes) lanes, prefetch \(prefetch), poison \(poison.sorted())"
        }
    }

    @Test(arguments: [
        World(processes: 1, lanes: 1, poison: [0]), World(processes: 1, lanes: 1, poison: [250]),
        World(processes: 1, lanes: 2, poison: [100]), World(processes: 2, lanes: 1, poison: [77]),
        World(processes: 3, lanes: 2, poison: [60]), World(processes: 1, lanes: 4, poison: [10, 11, 200]),
        World(processes: 4, lanes: 1, poison: [1, 299]),
        World(processes: 1, lanes: 2, prefetch: 1, messages: 40, poison: [20], slow: [19, 21, 22]),
        World(processes: 2, lanes: 3, prefetch: 1, messages: 60, poison: [20, 40], slow: [19, 21, 41]),
        World(processes: 1, lanes: 2, prefetch: 2, messages: 40, poison: [20], slow: [19, 21, 22]),
    ])
    func `What kills ends as poison, and its neighbours are delivered`(world: World) {
        for seed in UInt64(0)..<12 {
            var loop = CrashLoop(
                seed: seed,
                messages: world.messages,
                poison: world.poison,
                slow: world.slow,
                processes: world.processes,
                lanes: world.lanes,
                prefetch: world.prefetch
            )
            loop.run(turns: 200_000)
            #expect(loop.isOver && Set(loop.condemned) == world.poison && loop.condemned.count == world.poison.count)
            #expect(loop.delivered.count == world.messages - world.poison.count)
            #expect(loop.delivered.isDisjoint(with: world.poison))
            #expect(loop.crashes >= Suspicion.poison && loop.crashes <= Suspicion.poison * world.poison.count)
            #expect(loop.highest < Suspicion.poison, "seed \(seed)")
            if world.prefetch == 1 { #expect(loop.mostInHand == 1) }
        }
    }

    @Test func `A quiet queue is opened whole after a moment, one with fresh messages at once`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: true, now: 0)
        #expect(intake.step(now: 0) == .keep && !intake.isOpen)
        #expect(intake.deadline(now: 0) == SuspectIntake.quiet)
        #expect(intake.step(now: SuspectIntake.quiet) == .consume(100))
        #expect(intake.givesUpTurn() && intake.isOpen && intake.deadline(now: 0) == nil)

        intake.connected(hasTurn: true, now: 0)
        #expect(intake.arrived(1, returns: 0, now: 1) && intake.step(now: 1) == .consume(100))
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
        #expect(intake.step(now: 4) == .awaitTurn && intake.nextHeld() == nil)
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

    @Test func `The higher the count, the fewer at a time`() {
        let widths = (0...12).map { Suspicion.width(returns: $0, prefetch: 1000) }
        #expect(widths == [1000, 1000, 1000, 100, 10, 1, 1, 1, 1, 1, 1, 1, 1])
        #expect((0...12).map { Suspicion.width(returns: $0, prefetch: 5) }.max() == 5)
        #expect((0...12).map { Suspicion.isPoison(returns: $0) }.firstIndex(of: true) == 10)
    }

    @Test func `Of a middle suspicion ten start, and the rest as those end`() {
        let intake = Intake(prefetch: 100)
        intake.connected(hasTurn: true, now: 0)
        #expect(intake.arrived(0, returns: 0, now: 0) && intake.step(now: 0) == .consume(100))
        let started = (1...30).filter { intake.arrived($0, returns: 4, now: 1) }
        #expect(started == Array(1...10) && intake.step(now: 1) == .consume(10))
        intake.settled(returns: 4, now: 2)
        #expect(intake.nextHeld() == 11 && intake.nextHeld() == nil)
        #expect(intake.ended() && intake.takeHeld() == Array(12...30) && !intake.ended())
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
