import EventLoop
import Logging
import RabbitMQ
import Settings
import Synchronization
import Telemetry

/// The delivery log of a worker process: records go to the stream over a connection and a thread of its own, whatever
/// the lanes do, and never hold a lane up.
final class DeliveryLog: Sendable {
    let mode: DeliveriesSettings.Log
    let stream: String
    let replica: String
    let writer: StreamWriter

    /// - Parameter name: of this replica.
    init(_ options: LaneOptions, name: String, metrics: PostbackMetrics, logger: Logger) throws(SystemError) {
        mode = options.log
        replica = name
        stream = options.topology.deliveries
        let stream = stream
        let failures = Failures()
        writer = try StreamWriter(
            .init(urls: options.urls, tls: options.tls, name: "\(name) delivery log", stream: stream),
            onWritten: { metrics.writeDeliveryRecords($0) },
            onDropped: { metrics.dropDeliveryRecords($0) },
            onState: { state in
                switch state {
                case .connected:
                    failures.count.store(0, ordering: .relaxed)
                    logger.debug("writing the delivery log", metadata: [LogKey.queue: "\(stream)"])
                case .disconnected(let reason):
                    // The first alone may be the start, with a lane about to declare the stream; for ever is a few lines.
                    let count = failures.count.wrappingAdd(1, ordering: .relaxed).newValue
                    logger.log(
                        level: count % 30 == 2 ? .warning : .debug,
                        "the delivery log waits for the broker; deliveries go on",
                        metadata: [LogKey.queue: "\(stream)", LogKey.error: "\(reason)"]
                    )
                case .blocked(let reason):
                    logger.warning(
                        "the broker blocks the delivery log; deliveries go on",
                        metadata: [LogKey.queue: "\(stream)", LogKey.reason: "\(reason)"]
                    )
                }
            }
        )
    }

    /// To reach the stream, one after another.
    private final class Failures: Sendable {
        let count = Atomic<Int>(0)
    }
}
