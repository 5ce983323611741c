import HTTPTransport
import Testing
import Worker

/// A lane whose messages came back too often, while the broker takes nothing that is handed on.
@Suite struct SuspectTests {
    private static let routes = """
        publishers:
          "1": { global: { url: "http://a.example.com/?c={{click_id}}" } }
        """
    private static let second: Int64 = 1_000_000_000

    private static func body(_ id: String) -> String { #"{"id": "\#(id)", "publisher_id": "1", "click_id": "c"}"# }

    @Test func `Behind what was condemned one message is taken, and no more`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body("deadly"), returns: 18)
        stage.turn()
        for _ in 0..<5 { stage.turn(after: Self.second) }
        #expect(stage.published.count == 1 && stage.connection.asked == [1])
        stage.connection.bring(2, Self.body("next"), returns: 17)
        stage.turn()
        #expect(stage.started == 1)
        for _ in 0..<5 { stage.turn(after: Self.second) }
        #expect(stage.connection.asked == [1] && !stage.suspectTurn.take(1))
    }

    @Test func `A suspect that waits only to be handed on stops neither its lane nor the others`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, "no event", returns: 9)
        stage.turn()
        stage.turn(after: Self.second)
        #expect(stage.published.count == 1 && stage.connection.asked == [1])
        stage.connection.bring(2, Self.body("fresh"))
        stage.turn()
        stage.turn()
        #expect(stage.started == 1 && stage.connection.asked.count == 2 && stage.suspectTurn.take(1))
        stage.confirm(stage.published[0])
        #expect(stage.connection.acknowledged == [1])
    }

    @Test func `A suspect under way is alone`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body("suspect"), returns: 9)
        for _ in 0..<5 { stage.turn(after: Self.second) }
        #expect(stage.started == 1 && stage.connection.asked.isEmpty && !stage.suspectTurn.take(1))
    }

    @Test func `What ends that was started before the connection broke makes no room beside a suspect`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body("before"), returns: 9)
        stage.turn()
        stage.breakConnection()
        stage.connect()
        stage.connection.bring(1, Self.body("suspect"), returns: 9)
        stage.turn()
        #expect(stage.started == 2)
        stage.underWay.removeLast()
        stage.endOne(.answered(status: 200, bodyComplete: true))
        stage.connection.bring(2, Self.body("another"), returns: 9)
        stage.turn()
        stage.turn()
        #expect(stage.started == 2)
    }

    @Test func `The turn goes first to whoever has messages that wait for it`() {
        let turn = SuspectTurn()
        #expect(turn.take(0) && turn.take(0) && !turn.take(1))
        #expect(!turn.isAskedFor(besides: 0))
        #expect(!turn.take(2, isNeeded: true) && turn.isAskedFor(besides: 0) && !turn.isAskedFor(besides: 2))
        #expect(turn.take(0))
        turn.release(0)
        #expect(!turn.take(0) && !turn.take(1) && turn.take(2, isNeeded: true))
        #expect(!turn.isAskedFor(besides: 0) && !turn.take(0))
        turn.release(2)
        // Whoever is gone asks no more.
        #expect(turn.take(0) && !turn.take(1, isNeeded: true))
        turn.release(1)
        turn.release(0)
        #expect(turn.take(2))
    }
}
