import HTTPTransport
import RabbitMQ
import Testing
import Worker

/// What a lane knows of deliveries that were under way when its connection broke.
@Suite struct OrphanTests {
    private static let routes = """
        publishers:
          "1": { global: { url: "http://a.example.com/?c={{click_id}}", delay: 3s } }
        """
    private static let body = #"{"id": "e", "publisher_id": "1", "click_id": "c"}"#

    /// Found by the simulation (seed 1038): the message on the ladder has the idempotency key of the one that was handed
    /// on, and was taken for it when it came again.
    @Test func `The message that was handed on is not taken for the one that is over`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        let handedOn = try Self.handOn(stage)
        stage.turn()

        stage.connect()
        stage.now += 5_000_000_000
        stage.connection.bring(1, Self.body, redelivered: true, headers: Self.headers(handedOn))
        stage.turn()
        #expect(stage.started == 1)
        #expect(stage.connection.acknowledged.isEmpty)
    }

    @Test func `The one that comes again is acknowledged when its hand-off was confirmed`() throws {
        let stage = try LaneStage(routes: Self.routes)
        defer { stage.end() }
        _ = try Self.handOn(stage)
        stage.connect()
        stage.connection.bring(7, Self.body, redelivered: true)
        stage.turn()
        stage.now += 1_000_000_000
        stage.turn()
        #expect(stage.published.count == 1)
        #expect(stage.connection.acknowledged == [7])
    }

    /// The broker may not have read the acknowledgement.
    @Test func `What was delivered and acknowledged before the connection broke is not sent again`() throws {
        let stage = try Self.delivered()
        defer { stage.end() }
        #expect(stage.started == 2)
        #expect(stage.connection.acknowledged == [1])
        for tag in UInt64(1)...2 {
            stage.breakConnection()
            stage.connect()
            stage.connection.bring(tag, Self.body, redelivered: true)
            stage.turn()
            stage.turn(after: 1_000_000_000)
            #expect(stage.started == 2)
            #expect(stage.connection.acknowledged == [tag], "also when the second acknowledgement is lost")
        }
        stage.connection.bring(8, Self.body)
        stage.connection.bring(9, Self.body.replacing("\"e\"", with: "\"f\""), redelivered: true)
        stage.turn()
        #expect(stage.started == 6, "a message that never was here, and one of another event")
    }

    /// Exported from the dead letters and published anew, it has the same key, and may be given back before it is sent.
    @Test func `An event that is published anew ends the memory of the one before it`() throws {
        let stage = try Self.delivered()
        defer { stage.end() }
        stage.breakConnection()
        stage.connect()
        for (redelivered, started) in [(false, 4), (true, 6)] {
            stage.connection.bring(1, Self.body, redelivered: redelivered)
            stage.turn()
            stage.turn(after: 1_000_000_000)
            #expect(stage.started == started)
        }
    }

    @Test func `Of two postbacks the one that is over is not sent again, and the other goes on`() throws {
        let stage = try LaneStage(routes: Self.twoPostbacks)
        defer { stage.end() }
        stage.connect()
        stage.connection.bring(1, Self.body)
        stage.turn()
        stage.endOne(.answered(status: 200, bodyComplete: true))
        stage.breakConnection()
        stage.connect()
        stage.connection.bring(1, Self.body, redelivered: true)
        stage.turn()
        #expect(stage.started == 2)
        #expect(stage.connection.acknowledged.isEmpty)
        stage.answer = .answered(status: 200, bodyComplete: true)
        stage.turn()
        stage.turn(after: 1_000_000_000)
        #expect(stage.started == 2 && stage.published.isEmpty)
        #expect(stage.connection.acknowledged == [1])
    }

    /// The second replay of a letter has the same idempotency key and number of attempts.
    @Test func `A replay is not taken for an earlier one`() throws {
        let stage = try LaneStage(routes: Self.twoPostbacks)
        defer { stage.end() }
        stage.answer = .answered(status: 200, bodyComplete: true)
        for (replay, started) in [("first", 1), ("second", 2), ("second", 2)] {
            stage.connect()
            var reading = PostbackHeaders.Reading()
            for (name, value) in ["x-postback-route": "1/global/default", "x-postback-replayed-from": replay] {
                Array(name.utf8).withUnsafeBytes { name in
                    Array(value.utf8).withUnsafeBytes { reading.take(name, .bytes($0)) }
                }
            }
            stage.connection.bring(1, Self.body, redelivered: true, headers: reading.headers)
            stage.turn()
            stage.turn(after: 1_000_000_000)
            #expect(stage.started == started)
            #expect(stage.connection.acknowledged == [1])
            stage.breakConnection()
        }
    }

    /// Both postbacks have it, and the message is acknowledged.
    private static func delivered() throws -> LaneStage {
        let stage = try LaneStage(routes: twoPostbacks)
        stage.answer = .answered(status: 200, bodyComplete: true)
        stage.connect()
        stage.connection.bring(1, body)
        stage.turn()
        stage.turn(after: 1_000_000_000)
        return stage
    }

    private static let twoPostbacks = """
        publishers:
          "1":
            global:
              - { name: default, url: "http://a.example.com/?c={{click_id}}" }
              - { name: other, url: "http://b.example.com/?c={{click_id}}" }
        """

    /// It waits for 3 s: handed on to the ladder, unconfirmed when the connection breaks, confirmed after that.
    private static func handOn(_ stage: LaneStage) throws -> PublishRequest {
        stage.connect()
        stage.connection.bring(1, Self.body)
        stage.turn()
        let handedOn = try #require(stage.published.first)
        stage.connection.isBroken = true
        stage.turn()
        stage.lane.open([.published([PublishResult(token: handedOn.token, outcome: .confirmed)])])
        return handedOn
    }

    private static func headers(_ request: PublishRequest) -> PostbackHeaders {
        var reading = PostbackHeaders.Reading()
        for (name, value) in request.headers {
            Array(name.utf8).withUnsafeBytes { name in
                switch value {
                case .bytes(let bytes): bytes.withUnsafeBytes { reading.take(name, .bytes($0)) }
                case .text(let text): Array(text.utf8).withUnsafeBytes { reading.take(name, .bytes($0)) }
                case .integer(let number): reading.take(name, .integer(number))
                default: break
                }
            }
        }
        return reading.headers
    }
}
