package import Conversion
package import Letters
package import RabbitMQ

extension Letter {
    /// Copies a message out of the library's buffer.
    /// - Parameter event: a scratch, used again for the next.
    package init(_ message: borrowing IncomingMessage, decodingWith event: inout ConversionEvent) {
        var headers: [(name: String, value: LetterValue)] = []
        var isCloudEvent = false
        message.forEachHeader { name, value in
            let name = String(decoding: name, as: UTF8.self)
            if name.hasPrefix("cloudEvents") { isCloudEvent = true }
            switch value {
            case .bytes(let bytes): headers.append((name, .text(String(decoding: bytes, as: UTF8.self))))
            case .integer(let number): headers.append((name, .number(number)))
            case .boolean(let flag): headers.append((name, .flag(flag)))
            case .other: headers.append((name, .other))
            }
        }
        self.init(
            headers: headers,
            body: Array(message.body),
            cloudEvent: isCloudEvent ? PostbackHeaders(message).cloudEvent : nil,
            decodingWith: &event
        )
    }

    /// Tells letters apart within this process: a letter that died again is another.
    package var identity: UInt64 {
        var hasher = Hasher()
        hasher.combine(route)
        hasher.combine(failedAt)
        hasher.combine(replayedFrom)
        body.withUnsafeBytes { hasher.combine(bytes: $0) }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
