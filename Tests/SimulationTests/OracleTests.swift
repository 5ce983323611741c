import Testing

@testable import Simulation

/// What the oracle accepts, and that each of its checks can fail.
@Suite struct OracleTests {
    @Test func `A dead letter has a reason`() {
        let grounds = DeadLetterGrounds()
        #expect(grounds.fault(of: nil) != nil)
        for reason in ["invalid_url", "delivery_limit", "whatever"] { #expect(grounds.fault(of: reason) != nil) }
    }

    @Test(arguments: [
        "invalid_event", "missing_token", "rejected", "blocked_destination", "route_removed", "paused",
    ])
    func `A reason is one only where the world gave it`(reason: String) {
        var grounds = DeadLetterGrounds()
        #expect(grounds.fault(of: reason) != nil)
        grounds.isNoEvent = true
        grounds.lacksToken = true
        grounds.wasRejected = true
        grounds.wasBlocked = true
        grounds.mayBeRemoved = true
        grounds.wasPaused = true
        #expect(grounds.fault(of: reason) == nil)
        grounds.hasRoute = false
        #expect((grounds.fault(of: reason) == nil) == (reason == "invalid_event"))
        switch reason {
        case "invalid_event": grounds.isNoEvent = false
        case "missing_token": grounds.lacksToken = false
        case "rejected": grounds.wasRejected = false
        case "blocked_destination": grounds.wasBlocked = false
        case "route_removed": grounds.mayBeRemoved = false
        default: grounds.wasPaused = false
        }
        grounds.hasRoute = true
        #expect(grounds.fault(of: reason) != nil)
    }

    @Test func `Exhausted is what has failed as often as it may`() {
        var grounds = DeadLetterGrounds()
        grounds.attemptsAllowed = 3
        grounds.attempt = 3
        grounds.failedAttempt = 3
        #expect(grounds.fault(of: "exhausted") == nil)
        grounds.failedAttempt = 2
        #expect(grounds.fault(of: "exhausted") != nil)
        grounds.attempt = 2
        #expect(grounds.fault(of: "exhausted") != nil)
    }

    @Test func `Expired is what would be tried after its time, or was parked for longer`() {
        var grounds = DeadLetterGrounds()
        grounds.now = 1_000_000
        grounds.maxAge = 100_000
        #expect(grounds.fault(of: "expired") != nil)
        grounds.parkedSince = 900_000
        #expect(grounds.fault(of: "expired") != nil)
        grounds.parkedSince = 899_999
        #expect(grounds.fault(of: "expired") == nil)
        grounds.parkedSince = nil
        grounds.firstAttempt = 950_000
        grounds.longestWait = 60_000
        #expect(grounds.fault(of: "expired") != nil)
        grounds.failedAttempt = 1
        #expect(grounds.fault(of: "expired") == nil)
        grounds.longestWait = 40_000
        #expect(grounds.fault(of: "expired") != nil)
    }

    @Test func `Poison was given back eighteen times, where anything gives back, and not by a process that lived on`() {
        var grounds = DeadLetterGrounds()
        grounds.hasRoute = false
        grounds.returns = 17
        #expect(grounds.fault(of: "poison") != nil)
        grounds.returns = 18
        #expect(grounds.fault(of: "poison") == nil)
        grounds.hasLivedOn = true
        #expect(grounds.fault(of: "poison") != nil)
        grounds.hasLivedOn = false
        grounds.canLoseMessages = false
        #expect(grounds.fault(of: "poison") != nil)
    }

    @Test func `A rung is right when it is the longest that fits, or hardly too long`() {
        for (rung, remaining) in [
            (1, 51), (1, 1000), (1, 1400), (2, 1500), (4, 5000), (64, 61_000), (65_536, 999_999_999),
        ] {
            #expect(WaitPromise.isRight(rung: rung, remaining: Int64(remaining)), "\(rung) \(remaining)")
        }
        for (rung, remaining) in [(2, 1000), (2, 1400), (8, 5000), (2, 5000), (64, 60_000), (1, 2000)] {
            #expect(!WaitPromise.isRight(rung: rung, remaining: Int64(remaining)), "\(rung) \(remaining)")
        }
    }

    @Test func `A wait grows up to its bound`() {
        let third = WaitPromise.range(after: 3, first: 1000, factor: 3, longest: 60_000, jitter: 0.2)
        #expect(third == 7199...10_801)
        let late = WaitPromise.range(after: 30, first: 1000, factor: 3, longest: 60_000, jitter: 0)
        #expect(late == 59_999...60_001)
        #expect(WaitPromise.longestParking(times: 0, shut: 5000) == 37_001)
        #expect(WaitPromise.longestParking(times: 9, shut: 0) == 2 * 4_096_000)
    }

    @Test func `A lane may blame its network only after a silence`() {
        var lane = LaneWatch()
        #expect(!lane.mayBeOurs(startedAt: 0, now: .seconds(9)))
        lane.heard(at: .seconds(10))
        #expect(!lane.mayBeOurs(startedAt: .seconds(10), now: .seconds(11)))
        #expect(lane.mayBeOurs(startedAt: .seconds(10), now: .seconds(12)))
        lane.heard(at: .seconds(20))
        // It began in the silence that is over.
        #expect(lane.mayBeOurs(startedAt: .seconds(19), now: .seconds(21)))
        lane.heard(at: .seconds(21))
        #expect(!lane.mayBeOurs(startedAt: .milliseconds(20_500), now: .milliseconds(21_500)))
    }

    @Test func `Without a reload every route of the first version is owed`() throws {
        let book = try RouteBook()
        let body = Array(
            #"{"id": "1", "publisher_id": "2", "status": "approved", "parameters": {"serial": "1"}}"#.utf8
        )
        #expect(book.promise(of: body, reloads: false).must == ["2/global/get", "2/global/post"])
        #expect(book.promise(of: body, reloads: false).may.isEmpty)
        #expect(book.promise(of: body, reloads: true).must == ["2/global/get"])
        #expect(book.promise(of: body, reloads: true).may == ["2/global/post"])
    }

    @Test func `What an answer means depends on the route`() throws {
        let book = try RouteBook()
        #expect(book.ending("1/global/default", status: 204, body: "") == .success)
        #expect(book.ending("1/global/default", status: 404, body: "DUPLICATE") == .rejection)
        #expect(book.ending("1/global/default", status: 503, body: "", asked: 7) == .failure(asked: 7, closes: true))
        #expect(book.ending("5/global/default", status: 404, body: "DUPLICATE") == .success)
        #expect(book.ending("5/global/default", status: 200, body: "ERROR") == .rejection)
        #expect(book.ending("5/global/default", status: 500, body: "OK") == .failure(asked: nil, closes: false))
    }

    // MARK: In a world

    /// One in which nothing happens but that the time passes.
    private func world(at time: Int64) throws -> World {
        let world = World(seed: 1, on: try Machine(), planted: nil, print: nil)
        world.timeline.at(time) {}
        while world.timeline.step(until: time) {}
        return world
    }

    private func message(_ world: World, parent: Int = 0, _ serial: Int, _ text: [(name: String, value: String)] = [])
        -> Message
    {
        world.broker.make(parent: parent, serial: serial, text, body: [], at: 0)
    }

    @Test func `A message is not held for long once all is well, and never for half an hour`() throws {
        let world = try world(at: .seconds(2000))
        let message = message(world, 0)
        world.oracle.released(message, heldSince: .seconds(200))
        #expect(world.oracle.violations.isEmpty)
        world.oracle.released(message, heldSince: .seconds(199))
        #expect(world.oracle.violations.count == 1)
        world.healedAt = .seconds(1220)
        world.oracle.released(message, heldSince: .seconds(1000))
        #expect(world.oracle.violations.count == 1)
        world.healedAt = .seconds(1219)
        world.oracle.released(message, heldSince: .seconds(1000))
        #expect(world.oracle.violations.count == 2)
    }

    @Test func `A request is late half an hour after its time`() throws {
        let world = try world(at: .seconds(2300))
        let request = Request(target: [], host: "a.example.com")
        world.healedAt = 0
        let late = message(world, 0, [("x-postback-not-before", "2026-09-21T14:21:40.000Z")])
        world.oracle.checkLateness(request, late)
        #expect(world.oracle.violations.isEmpty)
        let later = message(world, 0, [("x-postback-not-before", "2026-09-21T14:20:50.000Z")])
        world.oracle.checkLateness(request, later)
        #expect(world.oracle.violations.count == 1)
    }

    @Test func `A lane that drains leaves nothing behind that it knows to be over`() throws {
        let world = try world(at: 0)
        let serial = world.oracle.add(Oracle.Event(body: [], must: ["r"], may: []))
        let original = message(world, serial)
        world.oracle.leftBehind(original, wasTaken: true)
        let letter = message(world, parent: original.number, serial, [("x-postback-reason", "rejected")])
        world.oracle.moved(letter, as: letter)
        world.oracle.leftBehind(original, wasTaken: true)
        #expect(world.oracle.violations.isEmpty)
        letter.isKnown = true
        world.oracle.leftBehind(original, wasTaken: false)
        #expect(world.oracle.violations.isEmpty)
        world.oracle.leftBehind(original, wasTaken: true)
        #expect(world.oracle.violations.count == 1)
        let other = world.oracle.add(Oracle.Event(body: [], must: ["r", "s"], may: []))
        world.oracle.update(other, "r") { $0.told = 1 }
        world.oracle.leftBehind(message(world, other), wasTaken: true)
        #expect(world.oracle.violations.count == 1)
        world.oracle.update(other, "s") { $0.told = 1 }
        world.oracle.leftBehind(message(world, other), wasTaken: true)
        #expect(world.oracle.violations.count == 2)
        // Its retry succeeded before the lane knew that it is in its queue.
        let late = message(world, other, [("x-postback-not-before", "2026-09-21T14:14:00.000Z")])
        let onward = [("x-postback-not-before", "2026-09-21T14:14:00.000Z")]
        let next = message(world, parent: late.number, other, onward)
        world.oracle.moved(next, as: next)
        world.oracle.leftBehind(late, wasTaken: true)
        #expect(world.oracle.violations.count == 2)
        // It was another lane that knew, before the message was given to this one.
        next.isKnown = true
        world.oracle.update(other, "s") { $0.excuses = 1 }
        world.oracle.leftBehind(late, wasTaken: true)
        #expect(world.oracle.violations.count == 2)
    }
}
