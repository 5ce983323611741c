import Delivery
import EventLoop
import HTTPTransport
import Logging
import RabbitMQ
import Routing
import Settings
import Telemetry
import Testing

@testable import Worker

/// A lane with nothing around it.
final class LaneStage: LaneWait, LaneConnector, HandOffPublisher, RequestTransport {
    let factory: HTTPTransport
    var connection = PlayedConnection()
    var published: [PublishRequest] = []
    var started = 0
    var underWay: [Transfer] = []
    /// What all requests under way get with the next turn.
    var answer: TransferResult?
    var now: Int64 = 1_000_000_000_000
    private let log: DeliveryLog?
    // Set at the end of `init`, which hands itself out.
    private(set) var lane: Lane!

    /// What it told the other lanes of its process: messages pardoned.
    var pardoned: [UInt64] = []
    let suspectTurn = SuspectTurn()

    /// - Parameter isLogging: it has a delivery log, whose broker cannot be reached.
    init(routes: String, _ settings: WorkerSettings = WorkerSettings(), isLogging: Bool = false) throws {
        var settings = settings
        settings.broker.urls = ["amqp://127.0.0.1:1/"]
        let options = try LaneOptions(settings)
        let metrics = PostbackMetrics(registry: PrometheusRegistry(), version: "test")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        log = isLogging ? try DeliveryLog(options, name: "test", metrics: metrics, logger: logger) : nil
        factory = try HTTPTransport(epoll: Epoll(), options.transport)
        let document = try YAMLDocument.parse(routes, file: "routes.yaml")
        lane = Lane(
            name: "lane",
            number: 0,
            suspectTurn: suspectTurn,
            options: options,
            routes: try #require(RouteTable.load(document, file: "routes.yaml").table),
            metrics: metrics,
            status: LaneStatus(name: "lane"),
            heartbeat: Heartbeats().register("lane", now: 0),
            log: log,
            logger: logger,
            tellPauses: { _ in },
            tellPardoned: { [unowned self] in pardoned += $0 },
            surroundings: LaneSurroundings(transport: self, publisher: self, connector: self, wait: self, seed: 1)
        )
        lane.readClocks()
    }

    /// It and the lane hold each other.
    func end() {
        lane = nil
        factory.shutDown()
        log?.writer.stop(within: 0)
    }

    func connect() {
        connection = PlayedConnection()
        #expect(suspectTurn.take(0))
        lane.open([.connected(ConnectedConsumer(consumer: connection))])
    }

    /// - Parameter after: nanoseconds.
    func turn(after: Int64 = 1_000_000) {
        now += after
        lane.readClocks()
        lane.inputArrived()
        #expect(lane.turn())
    }

    /// The request that was started last.
    func endOne(_ result: TransferResult) {
        let others = underWay.dropLast()
        underWay = underWay.suffix(1)
        answer = result
        turn()
        answer = nil
        underWay = Array(others)
    }

    func breakConnection() {
        connection.isBroken = true
        turn()
    }

    /// The broker has taken what was published.
    func confirm(_ request: PublishRequest) {
        lane.open([.published([PublishResult(token: request.token, outcome: .confirmed)])])
        turn()
        turn(after: 1_000_000_000)
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
    func start(_ transfer: Transfer, to origin: Origin) {
        started += 1
        underWay.append(transfer)
    }
    func runTimers() {}
    func reap(_ complete: (Transfer) -> Void) {
        guard let answer else { return }
        let ended = underWay
        underWay = []
        for transfer in ended {
            transfer.conclude(as: answer, sends: 1, openedConnection: true)
            complete(transfer)
        }
    }
    func forgetIdle() {}
    func shutDown() {}
}

final class PlayedConnection: ConsumingConnection {
    private var messages: [(Lane) -> Void] = []
    var acknowledged: [UInt64] = []
    /// The prefetch of each consumer that the lane began.
    var asked: [Int] = []
    var isBroken = false

    /// With the next turn.
    func bring(
        _ tag: UInt64,
        _ body: String,
        redelivered: Bool = false,
        returns: Int = 0,
        headers: PostbackHeaders = PostbackHeaders()
    ) {
        messages.append { lane in
            lane.take(
                tag: tag,
                redelivered: redelivered || returns > 0,
                returns: returns,
                properties: [],
                headers: headers,
                body: Array(body.utf8)
            )
        }
    }

    let place = "nowhere"
    let hasUnsentAcknowledgements = false
    /// It asks for what it asks for.
    let isConsuming = true

    func receive(limit: Int, for lane: Lane) throws(AMQPError) -> Bool {
        if isBroken { throw AMQPError(.connectionLost, "broken") }
        for message in messages { message(lane) }
        messages = []
        return false
    }

    func acknowledge(_ deliveryTag: UInt64, multiple: Bool) { acknowledged.append(deliveryTag) }
    func giveBack(_ deliveryTag: UInt64) {}
    func flush() {}
    func cancel() {}
    func consume(prefetch: Int) { asked.append(prefetch) }
    func pause() {}
    func close() {}
}
