import EventLoop
import Letters
import RabbitMQ

/// Follows a replay's deliveries in the delivery log. Confined to one thread.
final class ReplayWatch {
    private let options: LaneOptions
    private let id: String
    private var reader: StreamReader?
    private var nextOffset: UInt64?
    /// Monotonic nanoseconds.
    private var retryAt: Int64 = 0

    /// Begins with what is logged from now on.
    init(_ options: LaneOptions, id: String) throws(AMQPError) {
        self.options = options
        self.id = id
        reader = try Self.open(options, id, .next)
    }

    var descriptor: Int32? { reader?.descriptor }

    private static func open(
        _ options: LaneOptions,
        _ id: String,
        _ start: StreamReader.Start
    ) throws(AMQPError) -> StreamReader {
        var failure = AMQPError(.connectionLost, "no broker URL")
        for url in options.urls {
            do throws(AMQPError) {
                return try StreamReader(
                    url,
                    tls: options.tls,
                    name: "postback replay \(id) log",
                    stream: options.topology.deliveries,
                    from: start
                )
            } catch {
                failure = error
            }
        }
        throw failure
    }

    /// What has come; does not wait. A broken connection is opened again where it was.
    func read(_ take: (ReplayRecord) -> Void) {
        do throws(AMQPError) {
            if reader == nil {
                guard Clock.monotonic() >= retryAt else { return }
                retryAt = Clock.monotonic() + 500_000_000
                reader = try Self.open(options, id, nextOffset.map { .offset($0) } ?? .next)
            }
            guard let reader else { return }
            for _ in 0..<20 {
                let records = try reader.next(waiting: 0)
                if records.isEmpty { return }
                for record in records {
                    nextOffset = record.offset + 1
                    if let found = ReplayRecord(record.body, replay: id) { take(found) }
                }
            }
        } catch {
            reader = nil
        }
    }

    func close() {
        reader?.close()
        reader = nil
    }
}
