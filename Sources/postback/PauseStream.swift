import Delivery
import Foundation
import RabbitMQ
import Synchronization
import Worker

/// The stream of pauses for the commands: reads it whole, and adds to it.
struct PauseStream {
    private let options: LaneOptions

    init(_ options: LaneOptions) {
        self.options = options
    }

    /// Milliseconds since the Unix epoch.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

    static var user: String {
        "\(ProcessInfo.processInfo.userName)@\(ProcessInfo.processInfo.hostName)"
    }

    /// What is in force now. No broker ends the command with code 3.
    func book() throws -> PauseBook {
        let admin = try options.connect(as: "postback routes")
        let url = admin.url
        admin.close()
        do throws(AMQPError) {
            return try read(url)
        } catch {
            if case .closed(code: 404) = error.kind {
                throw CommandFailure(
                    CommandFailure.failed,
                    "there is no stream \(options.topology.pauses); `postback topology declare` creates it"
                )
            }
            throw CommandFailure(CommandFailure.noBroker, error.description)
        }
    }

    private func read(_ url: BrokerURL) throws(AMQPError) -> PauseBook {
        let (stream, name) = (options.topology.pauses, "postback routes")
        var book = PauseBook()
        guard let last = try StreamReader.lastOffset(of: stream, at: url, tls: options.tls, name: name) else {
            return book
        }
        let reader = try StreamReader(url, tls: options.tls, name: name, stream: stream, from: .first)
        defer { reader.close() }
        var idle = 0
        while idle < 10 {
            let records = try reader.next(waiting: 1000)
            idle = records.isEmpty ? idle + 1 : 0
            for record in records { if let record = PauseRecord(json: record.body) { book.apply(record) } }
            if let newest = records.last, newest.offset >= last { break }
        }
        return book
    }

    /// Adds a record, and sends it to whoever listens for notices.
    func tell(_ record: PauseRecord) throws {
        let body = record.json
        let shared = Shared()
        let publisher = try Publisher(
            .init(urls: options.urls, tls: options.tls, name: "postback routes", window: 10),
            onResults: { shared.add($0) },
            onState: { _ in }
        )
        publisher.publish([
            PublishRequest(token: 0, exchange: "", routingKey: options.topology.pauses, body: body),
            PublishRequest(token: 1, exchange: options.topology.exchange, routingKey: Topology.noticesKey, body: body),
        ])
        let outcome = shared.wait(seconds: 30)
        publisher.stop()
        guard outcome == .confirmed else {
            let reason = outcome?.explanation ?? "the broker has not answered for 30 s"
            throw CommandFailure(CommandFailure.noBroker, "it is not known whether this was kept: \(reason)")
        }
    }

    /// The answers on their way from the publisher's thread.
    private final class Shared: Sendable {
        private let outcomes = Mutex<[UInt64: PublishOutcome]>([:])
        private let isAnswered = DispatchSemaphore(value: 0)

        func add(_ results: [PublishResult]) {
            let count = outcomes.withLock { outcomes in
                for result in results { outcomes[result.token] = result.outcome }
                return outcomes.count
            }
            if count == 2 { isAnswered.signal() }
        }

        /// Of the stream's record; whether anybody took the notice does not matter.
        func wait(seconds: Int) -> PublishOutcome? {
            _ = isAnswered.wait(timeout: .now() + .seconds(seconds))
            return outcomes.withLock { $0[0] }
        }
    }
}
