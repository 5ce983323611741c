import EventLoop
import Logging
import RabbitMQ
import Telemetry

/// Connects a lane's consumer on a thread of its own, because connecting blocks; the lane's loop goes on meanwhile.
struct BrokerConnector: Sendable {
    let options: LaneOptions
    let name: String
    let logger: Logger
    let mailbox: Mailbox<LaneLetter>
    /// Blocks until it is known which routes are paused; false when that takes too long or the worker stops.
    let waitForPauses: @Sendable () -> Bool
    /// Asks for the turn to take the first message alone, and gives it up when the connection fails.
    let takeTurn: @Sendable () -> Bool
    let releaseTurn: @Sendable () -> Void

    /// Starts one try with the URL of this number; its end arrives in the mailbox.
    /// - Returns: the thread, to be joined when the letter is there.
    func start(urlIndex: Int) throws(SystemError) -> LoopThread {
        let url = options.urls[urlIndex % options.urls.count]
        return try LoopThread(name: "connector") { [self] in
            do throws(AMQPError) {
                try TopologySetup(options, name: name, logger: logger).run(on: url)
                // Nothing is taken, and so nothing sent, before.
                guard waitForPauses() else {
                    throw AMQPError(.timeout, "it is not known yet which routes are paused")
                }
                let connection = try Connection(to: url, tls: options.tls, name: "\(name) consumer")
                // One message, or none while another lane has the turn: `SuspectIntake` goes on from there.
                let consumer = try Consumer(
                    on: connection,
                    queue: options.topology.conversions,
                    prefetch: takeTurn() ? 1 : 0,
                    tag: name
                )
                mailbox.post(.connected(ConnectedConsumer(consumer: consumer)))
            } catch {
                releaseTurn()
                mailbox.post(.notConnected(error))
            }
        }
    }
}
