import RabbitMQ
import Settings
import Testing
import Worker

/// Messages that came back too often, when it was the connection that broke and not the worker.
@Suite struct PardonTests {
    private static let routes = """
        publishers:
          "1": { global: { url: "http://a.example.com/?c={{click_id}}" } }
        """

    private static func body(_ id: String) -> String { #"{"id": "\#(id)", "publisher_id": "1", "click_id": "c"}"# }

    private static func reason(_ request: PublishRequest?) -> FieldValue? {
        request?.headers.first { $0.name == "x-postback-reason" }?.value
    }

    @Test func `What was condemned stays so, with one letter, when the connection breaks before its confirm`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body("deadly"), returns: 18)
        stage.turn()
        let letter = try #require(stage.published.first)
        #expect(Self.reason(letter) == .text("poison"))
        stage.breakConnection()

        stage.connect()
        stage.connection.bring(7, Self.body("deadly"), returns: 19)
        stage.turn()
        #expect(stage.published.count == 1 && stage.started == 0 && stage.connection.acknowledged.isEmpty)
        stage.confirm(letter)
        #expect(stage.connection.acknowledged == [7])
        #expect(stage.pardoned.isEmpty)
    }

    @Test func `A letter that was confirmed while the connection was away is the only one`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body("deadly"), returns: 18)
        stage.turn()
        let letter = try #require(stage.published.first)
        stage.breakConnection()
        stage.confirm(letter)

        stage.connect()
        stage.connection.bring(7, Self.body("deadly"), returns: 19)
        stage.turn()
        stage.turn(after: 1_000_000_000)
        #expect(stage.published.count == 1 && stage.started == 0 && stage.connection.acknowledged == [7])
    }

    @Test func `What was held without a look into it when the connection broke is pardoned`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body("first"), returns: 17)
        stage.connection.bring(2, Self.body("held"), returns: 17)
        stage.turn()
        #expect(stage.started == 1)
        stage.breakConnection()

        stage.connect()
        stage.connection.bring(1, Self.body("held"), returns: 18)
        stage.turn()
        #expect(stage.started == 2 && stage.published.isEmpty)
    }

    @Test func `What waited for its turn at the gate when the connection broke is pardoned`() throws {
        var settings = WorkerSettings()
        settings.dispatch.perHost = 1
        let stage = try LaneStage(routes: Self.routes, settings)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body("first"))
        stage.connection.bring(2, Self.body("waiting"), returns: 17)
        stage.turn()
        #expect(stage.started == 1)
        stage.breakConnection()

        stage.connect()
        stage.connection.bring(1, Self.body("waiting"), returns: 18)
        stage.turn()
        #expect(stage.published.isEmpty)
    }

    @Test func `What one lane had in hand when its connection broke no lane of its process condemns`() throws {
        let (one, other) = (try LaneStage(routes: Self.routes), try LaneStage(routes: Self.routes))
        defer {
            one.end()
            other.end()
        }
        one.connect()
        one.connection.bring(1, Self.body("first"), returns: 17)
        one.turn()
        one.breakConnection()
        #expect(one.pardoned.count == 1)

        other.lane.open([.pardoned(one.pardoned)])
        other.connect()
        other.connection.bring(1, Self.body("first"), returns: 18)
        other.turn()
        #expect(other.started == 1 && other.published.isEmpty)
    }

    @Test func `What never was in hand when a connection broke is condemned`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body("first"), returns: 17)
        stage.turn()
        stage.breakConnection()
        stage.connect()
        stage.connection.bring(1, Self.body("other"), returns: 18)
        stage.turn()
        #expect(stage.started == 1 && Self.reason(stage.published.first) == .text("poison"))
    }
}
