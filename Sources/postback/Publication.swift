import Foundation
import RabbitMQ
import Worker

/// The publishing side of `postback publish`: hands lines to the publisher, keeps them until they are confirmed, and
/// publishes again what a broken connection left open.
final class Publication {
    struct Failure: Encodable {
        let line: Int
        let reason: String
    }

    private let exchange: String
    private let publisher: Publisher
    private let answers = Answers()
    /// Bodies by line, until the broker has answered.
    private var open: [UInt64: [UInt8]] = [:]
    private var batch: [PublishRequest] = []
    private var failures: [Failure] = []
    private(set) var confirmed = 0
    private let started = Date()
    private var lastProgress = Date()
    private var lastTrouble = "no answer"
    /// Lines under way at most: bounds memory.
    private static let window = 4000
    /// Seconds without any answer after which the broker counts as gone.
    private static let patience = 60.0

    init(_ options: LaneOptions) throws {
        exchange = options.topology.exchange
        publisher = try Publisher(
            .init(urls: options.urls, tls: options.tls, name: "postback publish", window: 2000),
            onResults: { [answers] in answers.add($0) },
            onState: { _ in }
        )
    }

    func add(_ body: [UInt8], line: Int) throws {
        open[UInt64(line)] = body
        batch.append(request(UInt64(line), body))
        if batch.count >= 200 { send() }
        if open.count >= Self.window {
            send()
            try settle(until: Self.window / 2)
        }
    }

    /// Waits for the last answers.
    func finish() throws -> [Failure] {
        send()
        try settle(until: 0)
        publisher.stop()
        return failures.sorted { $0.line < $1.line }
    }

    private func request(_ token: UInt64, _ body: [UInt8]) -> PublishRequest {
        PublishRequest(token: token, exchange: exchange, routingKey: Topology.conversionsKey, body: body)
    }

    private func send() {
        publisher.publish(batch)
        batch.removeAll(keepingCapacity: true)
    }

    private func settle(until limit: Int) throws {
        while open.count > limit {
            let results = answers.take(patience: Self.patience)
            for result in results { note(result) }
            if results.isEmpty || Date().timeIntervalSince(lastProgress) > Self.patience {
                publisher.stop()
                throw CommandFailure(
                    CommandFailure.noBroker,
                    "the broker has taken nothing for \(Int(Self.patience)) s (\(lastTrouble)); \(confirmed) confirmed, "
                        + "\(open.count) open"
                )
            }
            send()
            let rate = Double(confirmed) / max(0.001, Date().timeIntervalSince(started))
            Console.progress("\(confirmed) confirmed, \(Int(rate))/s")
        }
    }

    private func note(_ result: PublishResult) {
        switch result.outcome {
        case .confirmed:
            lastProgress = Date()
            confirmed += 1
            open[result.token] = nil
        case .unknown, .refused:
            lastTrouble = result.outcome.explanation
            // At least once: the broker may have it already, and the worker's receivers see the same event id.
            if let body = open[result.token] { batch.append(request(result.token, body)) }
        case .returned, .unencodable:
            open[result.token] = nil
            failures.append(Failure(line: Int(result.token), reason: result.outcome.explanation))
        }
    }

    /// Answers on their way from the publisher's thread.
    private final class Answers: @unchecked Sendable {
        // @unchecked: `results` is touched only under the condition's lock.
        private let condition = NSCondition()
        private var results: [PublishResult] = []

        func add(_ more: [PublishResult]) {
            condition.lock()
            results.append(contentsOf: more)
            condition.signal()
            condition.unlock()
        }

        /// Everything there is, or nothing after `patience` seconds.
        func take(patience: Double) -> [PublishResult] {
            condition.lock()
            defer { condition.unlock() }
            let end = Date().addingTimeInterval(patience)
            while results.isEmpty, condition.wait(until: end) {}
            defer { results = [] }
            return results
        }
    }
}
