import RabbitMQ
import TestSupport

/// A publisher whose outcomes and states are kept.
final class PublisherFixture: Sendable {
    let publisher: Publisher
    let results = Journal<PublishResult>()
    let states = Journal<Publisher.State>()

    init(_ urls: [BrokerURL], window: Int = 1000) throws {
        let (results, states) = (results, states)
        publisher = try Publisher(
            .init(urls: urls, tls: BrokerTLS(), name: "a test", window: window),
            onResults: { results.add($0) },
            onState: { states.add($0) }
        )
    }

    convenience init(_ broker: ScriptedBroker, window: Int = 1000) throws {
        try self.init([broker.url], window: window)
    }

    /// Publishes one message a token, to queue `q` through the default exchange.
    func publish(_ tokens: some Sequence<UInt64>, body: [UInt8] = Array("{}".utf8)) {
        publisher.publish(tokens.map { PublishRequest(token: $0, exchange: "", routingKey: "q", body: body) })
    }

    /// By token; a token with two outcomes would make `results` longer.
    var outcomes: [UInt64: PublishOutcome] {
        Dictionary(results.all.map { ($0.token, $0.outcome) }) { first, _ in first }
    }

    func isConnected(times count: Int = 1) -> Bool { states.wait { $0.count { $0 == .connected } >= count } }
}

extension PublishOutcome {
    var isUnknown: Bool { if case .unknown = self { true } else { false } }
    var isUnencodable: Bool { if case .unencodable = self { true } else { false } }
}
