import EventLoop
import Glibc
import HTTPTransport
import Logging
import RabbitMQ
import Telemetry

/// Waits on epoll: for the broker's socket, for libcurl's and c-ares', and for letters.
final class LoopWait: LaneWait {
    private let epoll: Epoll
    private let transport: HTTPTransport
    private let wakeUp: WakeUp
    private let mailbox: Mailbox<LaneLetter>
    private let logger: Logger

    /// - Parameters:
    ///   - epoll: the one that `transport` has its sockets in.
    ///   - wakeUp: the one that `mailbox` signals.
    init(
        epoll: Epoll,
        transport: HTTPTransport,
        wakeUp: WakeUp,
        mailbox: Mailbox<LaneLetter>,
        logger: Logger
    ) throws(SystemError) {
        self.epoll = epoll
        self.transport = transport
        self.wakeUp = wakeUp
        self.mailbox = mailbox
        self.logger = logger
        try epoll.add(wakeUp.descriptor, .readable, token: EventSource.wakeUp.token(descriptor: wakeUp.descriptor))
    }

    var monotonic: Int64 { Clock.monotonic() }
    var wall: Int64 { Clock.wall() }

    func watch(_ connection: any ConsumingConnection) throws(SystemError) {
        guard let consumer = connection as? Consumer else { return }
        try epoll.add(
            consumer.descriptor,
            [.readable, .edgeTriggered],
            token: EventSource.broker.token(descriptor: consumer.descriptor)
        )
    }

    func forget(_ connection: any ConsumingConnection) {
        if let consumer = connection as? Consumer { epoll.remove(consumer.descriptor) }
    }

    func wait(milliseconds: Int32, for lane: Lane) {
        var count = 0
        do {
            count = try epoll.wait(milliseconds: milliseconds)
        } catch {
            // Cannot happen with a descriptor of our own; the pause keeps it from spinning if it does.
            logger.critical("\(error)", metadata: [LogKey.lane: "\(lane.name)"])
            usleep(100_000)
        }
        lane.readClocks()
        for index in 0..<count {
            let token = epoll.token(at: index)
            switch EventSource(token: token) {
            case .wakeUp:
                wakeUp.clear()
                lane.open(mailbox.takeAll())
            case .broker: lane.inputArrived()
            case .transfer: transport.act(on: token, epoll.readiness(at: index))
            case .resolver: transport.actOnResolver(token, epoll.readiness(at: index))
            case nil: break
            }
        }
    }
}
