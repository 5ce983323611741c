import EventLoop
import HTTPTransport
import Logging
import RabbitMQ
import Telemetry

/// Everything a lane touches outside itself. All of it can be played: then the lane runs without a socket, a thread or a
/// clock (`Tests/Simulation`).
package struct LaneSurroundings {
    package var transport: any RequestTransport
    package var publisher: any HandOffPublisher
    package var connector: any LaneConnector
    package var wait: any LaneWait
    /// Of jitter, chance and the `random` token.
    package var seed: UInt64

    package init(
        transport: any RequestTransport,
        publisher: any HandOffPublisher,
        connector: any LaneConnector,
        wait: any LaneWait,
        seed: UInt64
    ) {
        self.transport = transport
        self.publisher = publisher
        self.connector = connector
        self.wait = wait
        self.seed = seed
    }

    /// The world: RabbitMQ, libcurl, epoll. Starts the publisher's thread.
    /// - Parameters:
    ///   - name: of the lane.
    ///   - wakeUp: the one that `mailbox` signals.
    ///   - waitForPauses, takeTurn, releaseTurn: see `BrokerConnector`.
    init(
        name: String,
        options: LaneOptions,
        metrics: PostbackMetrics,
        logger: Logger,
        wakeUp: WakeUp,
        mailbox: Mailbox<LaneLetter>,
        waitForPauses: @escaping @Sendable () -> Bool,
        takeTurn: @escaping @Sendable () -> Bool,
        releaseTurn: @escaping @Sendable () -> Void
    ) throws {
        let epoll = try Epoll()
        let transport = try HTTPTransport(epoll: epoll, options.transport)
        transport.onLookUp = { metrics.lookup($0 ? .resolved : .failed) }
        transport.onFault = { logger.error("\($0)", metadata: [LogKey.lane: "\(name)"]) }
        self.transport = transport
        wait = try LoopWait(epoll: epoll, transport: transport, wakeUp: wakeUp, mailbox: mailbox, logger: logger)
        connector = ConnectorThread(
            BrokerConnector(
                options: options,
                name: name,
                logger: logger,
                mailbox: mailbox,
                waitForPauses: waitForPauses,
                takeTurn: takeTurn,
                releaseTurn: releaseTurn
            )
        )
        publisher = try Publisher(
            .init(urls: options.urls, tls: options.tls, name: "\(name) publisher"),
            onResults: { mailbox.post(.published($0)) },
            onState: { mailbox.post(.publisher($0)) }
        )
        seed = UInt64.random(in: 0 ... .max)
    }
}
