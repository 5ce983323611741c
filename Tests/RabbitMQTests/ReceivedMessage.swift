import Glibc
import RabbitMQ

/// A copy of an incoming message.
struct ReceivedMessage: Equatable {
    var tag: UInt64
    var redelivered: Bool
    var body: [UInt8]
    var contentType: String
    var properties: [UInt8]
    /// Name and value, in the order of the message.
    var headers: [[String]] = []

    init(_ message: borrowing IncomingMessage) {
        tag = message.deliveryTag
        redelivered = message.redelivered
        body = Array(message.body)
        contentType = String(decoding: message.contentType, as: UTF8.self)
        properties = Array(message.encodedProperties)
        message.forEachHeader { name, value in
            let text =
                switch value {
                case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
                case .integer(let number): "\(number)"
                case .boolean(let flag): "\(flag)"
                case .other: "other"
                }
            headers.append([String(decoding: name, as: UTF8.self), text])
        }
    }
}

extension Consumer {
    /// - Returns: false when nothing came for 20 seconds.
    func waitForInput() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&entry, 1, 20_000) == 1
    }

    /// Receives as a loop does until there are `count` messages, or nothing came for 20 seconds.
    func collect(count: Int) throws -> [ReceivedMessage] {
        var messages: [ReceivedMessage] = []
        while messages.count < count {
            let hasMore = try receive(limit: 100) { _ in
            } _: {
                messages.append(ReceivedMessage($0))
            }
            if !hasMore, messages.count < count, !waitForInput() { break }
        }
        return messages
    }
}
