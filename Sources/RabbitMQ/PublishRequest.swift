/// A message to be published with the broker's confirmation: persistent and mandatory.
package struct PublishRequest: Sendable {
    /// Comes back with the outcome.
    package var token: UInt64
    package var exchange: String
    package var routingKey: String
    /// The encoded basic properties of the message this one continues; empty for a new JSON message. Kept as they are,
    /// but for what would re-route, expire or refuse the message (see `PropertyFilter`).
    package var properties: [UInt8]
    /// Headers set on top, in place of any of the same name; a `nil` value removes one.
    package var headers: [(name: String, value: FieldValue?)]
    package var body: [UInt8]

    package init(
        token: UInt64,
        exchange: String,
        routingKey: String,
        properties: [UInt8] = [],
        headers: [(name: String, value: FieldValue?)] = [],
        body: [UInt8]
    ) {
        self.token = token
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.headers = headers
        self.body = body
    }
}

/// How a publication ended.
package enum PublishOutcome: Sendable, Equatable {
    /// The broker has it, on disk where the queue is durable.
    case confirmed
    /// No queue took it: there is none bound to that key.
    case returned(String)
    /// The broker said no (`basic.nack`): a queue is full or in trouble.
    case refused
    /// The connection broke before the answer: the broker may have it or not.
    case unknown(String)
    /// It can never be sent like this: headers over a frame, a name over 255 bytes.
    case unencodable(String)
}

package struct PublishResult: Sendable, Equatable {
    package let token: UInt64
    package let outcome: PublishOutcome

    package init(token: UInt64, outcome: PublishOutcome) {
        self.token = token
        self.outcome = outcome
    }
}
