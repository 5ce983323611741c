import HTTPTransport
import RabbitMQ
import Routing
import Settings
import Telemetry

/// A lane's own end of the delivery log: gathers records in one buffer and hands it over whole. Confined to the lane's
/// thread; never waits.
final class LaneLog {
    private let log: DeliveryLog
    private let metrics: PostbackMetrics
    private var writer: RecordWriter
    private var batch: StreamBatch
    /// Monotonic nanoseconds at which the batch goes out, full or not; nil while it is empty.
    private(set) var due: Int64?
    private var destinations = DestinationTexts()
    var masking: TargetMasking

    /// A batch goes out when it has so many records or bytes, or is so old.
    private static let batchRecords = 64
    private static let batchBytes = 56 << 10
    private static let batchAge: Int64 = 20_000_000
    private static let batchCapacity = 64 << 10

    init(_ log: DeliveryLog, metrics: PostbackMetrics, mask: SecretMask) {
        self.log = log
        self.metrics = metrics
        masking = TargetMasking(mask)
        writer = RecordWriter(replica: log.replica)
        batch = StreamBatch(stream: log.stream, capacity: Self.batchCapacity)
    }

    /// Whether every attempt is told, or only those that failed.
    var keepsAll: Bool { log.mode == .all }

    /// Adds a record.
    func add(_ record: borrowing DeliveryRecord, _ message: InboundMessage, now: Int64) {
        if log.writer.isFull {
            metrics.dropDeliveryRecords()
            return
        }
        batch.begin()
        guard writer.write(record, message, into: &batch.bytes) else {
            batch.abandon()
            metrics.dropDeliveryRecords()
            return
        }
        if !batch.end(seconds: record.at / 1000) { metrics.dropDeliveryRecords() }
        if due == nil { due = now + Self.batchAge }
    }

    /// Hands over what is due; once a turn.
    func handOver(now: Int64, force: Bool = false) {
        guard let due else { return }
        guard force || now >= due || batch.count >= Self.batchRecords || batch.bytes.count >= Self.batchBytes else {
            return
        }
        self.due = nil
        if batch.isEmpty { return }
        log.writer.offer(batch)
        batch = StreamBatch(stream: log.stream, capacity: Self.batchCapacity)
    }

    // MARK: URLs

    /// Of a postback's destination, by the lane's number of it.
    func destination(_ number: Int, of postback: Postback) -> DestinationTexts.Entry {
        destinations.entry(number, postback.destination)
    }

    /// The lane took the number back.
    func forgetDestination(_ number: Int) {
        destinations.forget(number)
    }
}
