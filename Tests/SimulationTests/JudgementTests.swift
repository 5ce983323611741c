import Testing

@testable import Simulation

/// The last word of the oracle, and that it can be any of those it has.
@Suite struct JudgementTests {
    /// One in which nobody does anything.
    private func world() throws -> World { World(seed: 1, on: try Machine(), planted: nil, print: nil) }

    /// What is said of an event for the route `r` that the broker confirmed.
    private func judged(_ change: (Oracle, Int) -> Void) throws -> [String] {
        let world = try world()
        let serial = world.oracle.add(Oracle.Event(body: [], must: ["r"], may: []))
        world.oracle.confirmed(serial)
        change(world.oracle, serial)
        world.oracle.judge()
        return world.oracle.violations
    }

    @Test func `What ends once is as it should be, as a success or as a dead letter`() throws {
        #expect(try judged { $0.update($1, "r") { $0.told = 1 } }.isEmpty)
        #expect(try judged { $0.update($1, "r") { $0.deadLetters = 1 } }.isEmpty)
        #expect(try judged { $0.events[$1].deadLetters = 1 }.isEmpty)
    }

    @Test func `What ends nowhere is lost, unless somebody deleted it or it never was the broker's`() throws {
        let lost = try judged { _, _ in }
        #expect(lost.count == 1 && lost[0].contains("LOST: 1 for r"))
        // A success that no lane was told of is none.
        #expect(try judged { $0.update($1, "r") { $0.accepted = 1 } }.count == 1)
        #expect(try judged { $0.exempt($1) }.isEmpty)
        #expect(try judged { $0.events[$1].isConfirmed = false }.isEmpty)
    }

    @Test func `What is no event and no dead letter is lost`() throws {
        func invalid(deadLetters: Int) -> (Oracle, Int) -> Void {
            { oracle, serial in
                oracle.events[serial].must = []
                oracle.events[serial].expected = 1
                oracle.events[serial].deadLetters = deadLetters
            }
        }
        let lost = try judged(invalid(deadLetters: 0))
        #expect(lost.count == 1 && lost[0].contains("LOST: 1, which is no event"))
        #expect(try judged(invalid(deadLetters: 1)).isEmpty)
        #expect(try judged(invalid(deadLetters: 2))[0].contains("was to be sent to nobody"))
    }

    @Test(arguments: [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 2, 0), (3, 0, 0)])
    func `What ends more often than there are excuses is doubled`(told: Int, letters: Int, ofAll: Int) throws {
        func end(excuses: Int) -> (Oracle, Int) -> Void {
            { oracle, serial in
                oracle.update(serial, "r") {
                    $0.told = told
                    $0.deadLetters = letters
                    $0.excuses = excuses
                }
                oracle.events[serial].deadLetters = ofAll
            }
        }
        let ends = told + letters + ofAll
        let doubled = try judged(end(excuses: ends - 2))
        #expect(doubled.count == 1 && doubled[0].contains("DOUBLED: 1 for r"))
        #expect(try judged(end(excuses: ends - 1)).isEmpty)
        // Of the whole message as well.
        #expect(
            try judged {
                end(excuses: 0)($0, $1)
                $0.events[$1].excuses = ends - 1
            }.isEmpty
        )
    }

    @Test func `A world in which nobody takes a message does not come to rest`() throws {
        let world = try world()
        let serial = world.oracle.add(Oracle.Event(body: [], must: ["r"], may: []))
        world.broker.enqueue(world.broker.make(serial: serial, [], body: []), to: SimulatedBroker.conversions)
        world.settle()
        #expect(world.oracle.violations.count == 1)
        #expect(world.oracle.violations[0].contains("STUCK: postback.conversions: 1"))
    }
}
