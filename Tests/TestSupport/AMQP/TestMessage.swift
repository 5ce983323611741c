/// A message with all that AMQP 0-9-1 lets it carry (the properties of class basic, section 1.8).
package struct TestMessage: Sendable, Equatable {
    package var contentType: String?
    package var contentEncoding: String?
    package var headers: [AMQPField]?
    /// 2 is persistent.
    package var deliveryMode: UInt8?
    package var priority: UInt8?
    package var correlationID: String?
    package var replyTo: String?
    package var expiration: String?
    package var messageID: String?
    /// Seconds since 1970.
    package var timestamp: UInt64?
    package var type: String?
    package var userID: String?
    package var appID: String?
    package var body: [UInt8]
    /// In place of `headers`: the encoded table without its length, however hostile.
    package var rawHeaders: [UInt8]?
    /// Of a message that was read.
    package var redelivered = false

    /// A persistent JSON message.
    package init(_ body: [UInt8], headers: [AMQPField]? = nil) {
        contentType = "application/json"
        deliveryMode = 2
        self.headers = headers
        self.body = body
    }

    package init(_ body: String, headers: [AMQPField]? = nil) {
        self.init(Array(body.utf8), headers: headers)
    }

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// A header as text; nil when it is none or absent.
    package func text(_ header: String) -> String? { headers?[header]?.text }

    package func number(_ header: String) -> Int64? { headers?[header]?.number }
}

extension TestMessage {
    /// The property flags and the properties in their order, as in a content header.
    func encodedProperties() -> [UInt8] {
        var flags: UInt16 = 0
        var writer = AMQPWriter()
        func text(_ value: String?, _ bit: UInt16, _ writer: inout AMQPWriter) {
            guard let value else { return }
            flags |= 1 << bit
            writer.shortText(value)
        }
        text(contentType, 15, &writer)
        text(contentEncoding, 14, &writer)
        if let rawHeaders {
            flags |= 1 << 13
            writer.longBytes(rawHeaders)
        } else if let headers {
            flags |= 1 << 13
            writer.table(headers)
        }
        for (value, bit) in [(deliveryMode, UInt16(12)), (priority, 11)] {
            guard let value else { continue }
            flags |= 1 << bit
            writer.number(value)
        }
        text(correlationID, 10, &writer)
        text(replyTo, 9, &writer)
        text(expiration, 8, &writer)
        text(messageID, 7, &writer)
        if let timestamp {
            flags |= 1 << 6
            writer.number(timestamp)
        }
        text(type, 5, &writer)
        text(userID, 4, &writer)
        text(appID, 3, &writer)
        return [UInt8(flags >> 8), UInt8(flags & 0xff)] + writer.bytes
    }

    init(properties: [UInt8]) throws(AMQPReader.Malformed) {
        self.init([])
        var reader = AMQPReader(properties)
        let flags: UInt16 = try reader.number()
        func has(_ bit: UInt16) -> Bool { flags & 1 << bit != 0 }
        contentType = has(15) ? try reader.shortText() : nil
        contentEncoding = has(14) ? try reader.shortText() : nil
        headers = has(13) ? try reader.table() : nil
        deliveryMode = has(12) ? try reader.number() : nil
        priority = has(11) ? try reader.number() : nil
        correlationID = has(10) ? try reader.shortText() : nil
        replyTo = has(9) ? try reader.shortText() : nil
        expiration = has(8) ? try reader.shortText() : nil
        messageID = has(7) ? try reader.shortText() : nil
        timestamp = has(6) ? try reader.number() : nil
        type = has(5) ? try reader.shortText() : nil
        userID = has(4) ? try reader.shortText() : nil
        appID = has(3) ? try reader.shortText() : nil
    }
}
