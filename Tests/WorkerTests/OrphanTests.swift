import Conversion
import Delivery
import EventLoop
import HTTPTransport
import Logging
import RabbitMQ
import Routing
import Settings
import Synchronization
import Telemetry
import Testing
import Worker

/// What a lane knows of deliveries that were under way when its connection broke.
@Suite struct OrphanTests {
    private static let routes = """
        publishers:
          "1": { global: { url: "http://a.example.com/?c={{click_id}}", delay: 3s } }
        """
    private static let body = Array(#"{"id": "e", "publisher_id": "1", "click_id": "c"}"#.utf8)

    /// Found by the simulation (seed 1038): the message on the ladder has the idempotency key of the one that was handed
    /// on, and was taken for it when it came again.
    @Test func `The message that was handed on is not taken for the one that is over`() throws {
        let stage = try Stage(routes: Self.routes)
        defer { stage.end() }
        stage.connect()
        stage.connection.messages = [(1, false, PostbackHeaders())]
        stage.turn()
        // It waits for 3 s: handed on to the ladder, unconfirmed when the connection breaks.
        let handedOn = try #require(stage.published.first)
        stage.connection.isBroken = true
        stage.turn()
        stage.lane.open([.published([PublishResult(token: handedOn.token, outcome: .confirmed)])])
        stage.turn()

        stage.connect()
        stage.now += 5_000_000_000
        stage.connection.messages = [(1, true, Self.headers(handedOn))]
        stage.turn()
        #expect(stage.started == 1)
        #expect(stage.connection.acknowledged.isEmpty)
    }

    @Test func `The one that comes again is acknowledged when its hand-off was confirmed`() throws {
        let stage = try Stage(routes: Self.routes)
        defer { stage.end() }
        _ = try Self.handOn(stage)
        stage.connect()
        stage.connection.messages = [(7, true, PostbackHeaders())]
        stage.turn()
        stage.now += 1_000_000_000
        stage.turn()
        #expect(stage.published.count == 1)
        #expect(stage.connection.acknowledged == [7])
    }

    /// It waits for 3 s: handed on to the ladder, unconfirmed when the connection breaks, confirmed after that.
    private static func handOn(_ stage: Stage) throws -> PublishRequest {
        stage.connect()
        stage.connection.messages = [(1, false, PostbackHeaders())]
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

    /// A lane with nothing around it.
    private final class Stage: LaneWait, LaneConnector, HandOffPublisher, RequestTransport {
        let factory: HTTPTransport
        var connection = Connection()
        var published: [PublishRequest] = []
        var started = 0
        var now: Int64 = 1_000_000_000_000
        // Set at the end of `init`, which hands itself out.
        private(set) var lane: Lane!

        init(routes: String) throws {
            let options = try LaneOptions(WorkerSettings())
            factory = try HTTPTransport(epoll: Epoll(), options.transport)
            let document = try YAMLDocument.parse(routes, file: "routes.yaml")
            lane = Lane(
                name: "lane",
                options: options,
                routes: try #require(RouteTable.load(document, file: "routes.yaml").table),
                metrics: PostbackMetrics(registry: PrometheusRegistry(), version: "test"),
                status: LaneStatus(name: "lane"),
                heartbeat: Heartbeats().register("lane", now: 0),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                tellPauses: { _ in },
                surroundings: LaneSurroundings(transport: self, publisher: self, connector: self, wait: self, seed: 1)
            )
            lane.readClocks()
        }

        /// It and the lane hold each other.
        func end() {
            lane = nil
            factory.shutDown()
        }

        func connect() {
            connection = Connection()
            lane.open([.connected(ConnectedConsumer(consumer: connection))])
        }

        func turn() {
            now += 1_000_000
            lane.readClocks()
            lane.inputArrived()
            #expect(lane.turn())
        }

        var monotonic: Int64 { now }
        var wall: Int64 { 1_790_000_000_000 + now / 1_000_000 }
        func watch(_ connection: any ConsumingConnection) {}
        func forget(_ connection: any ConsumingConnection) {}
        func wait(milliseconds: Int32, for lane: Lane) {}

        func start(urlIndex: Int) {}
        func finish() {}

        func publish(_ requests: [PublishRequest]) { published.append(contentsOf: requests) }
        func stop() {}

        var deadline: Int64? { nil }
        func makeTransfer() throws(TransferFailure) -> Transfer { try factory.makeTransfer() }
        func recycle(_ transfer: Transfer) {}
        func origin(isTLS: Bool, host: String, port: UInt16) throws(TransferFailure) -> Origin {
            try factory.origin(isTLS: isTLS, host: host, port: port)
        }
        func start(_ transfer: Transfer, to origin: Origin) { started += 1 }
        func runTimers() {}
        func reap(_ complete: (Transfer) -> Void) {}
        func forgetIdle() {}
        func shutDown() {}
    }

    private final class Connection: ConsumingConnection {
        var messages: [(tag: UInt64, redelivered: Bool, headers: PostbackHeaders)] = []
        var acknowledged: [UInt64] = []
        var isBroken = false

        let place = "nowhere"
        let hasUnsentAcknowledgements = false
        /// It asks for what it asks for.
        let isConsuming = true

        func receive(limit: Int, for lane: Lane) throws(AMQPError) -> Bool {
            if isBroken { throw AMQPError(.connectionLost, "broken") }
            for (tag, redelivered, headers) in messages {
                lane.take(tag: tag, redelivered: redelivered, properties: [], headers: headers, body: OrphanTests.body)
            }
            messages = []
            return false
        }

        func acknowledge(_ deliveryTag: UInt64, multiple: Bool) { acknowledged.append(deliveryTag) }
        func giveBack(_ deliveryTag: UInt64) {}
        func flush() {}
        func cancel() {}
        func consume(prefetch: Int) {}
        func pause() {}
        func close() {}
    }
}
