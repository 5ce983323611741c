/// Publishing with confirmation, and reading one by one.
extension AMQPConnection {
    /// Publishes all, and returns when the broker has confirmed each.
    package func publish(_ messages: [TestMessage], exchange: String, key: String) throws {
        try openChannel()
        var bytes: [UInt8] = []
        for message in messages {
            bytes += Self.method(1, 60, 40) { writer in
                writer.number(UInt16(0))
                writer.shortText(exchange)
                writer.shortText(key)
                writer.number(UInt8(1))
            }
            var header = AMQPWriter()
            header.number(UInt16(60))
            header.number(UInt16(0))
            header.number(UInt64(message.body.count))
            header.raw(message.encodedProperties())
            bytes += AMQPWriter.frame(2, channel: 1, header.bytes)
            var rest = message.body[...]
            while !rest.isEmpty {
                bytes += AMQPWriter.frame(3, channel: 1, Array(rest.prefix(Self.frameMax - 8)))
                rest = rest.dropFirst(Self.frameMax - 8)
            }
            published += 1
            unconfirmed.insert(published)
            if bytes.count > 1 << 20 {
                try send(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try send(bytes)
        try awaitConfirms()
    }

    private func awaitConfirms() throws {
        while !unconfirmed.isEmpty {
            var (id, reader) = try nextMethod()
            switch id {
            case (60, 80):
                let tag: UInt64 = try reader.number()
                let isMultiple = try reader.number(UInt8.self) & 1 != 0
                if isMultiple { unconfirmed = unconfirmed.filter { $0 > tag } } else { unconfirmed.remove(tag) }
            case (60, 50):
                let code: UInt16 = try reader.number()
                throw Failure(code: code, description: "returned: \(try reader.shortText())")
            default: throw Failure(code: 0, description: "method \(id) in place of a confirmation")
            }
        }
    }

    /// Takes the message at the head of a queue out of it; nil when it is empty.
    package func get(_ queue: String) throws -> TestMessage? {
        try openChannel()
        try send(Self.getMethod(queue))
        return try readMessage()
    }

    private static func getMethod(_ queue: String) -> [UInt8] {
        method(1, 60, 70) { writer in
            writer.number(UInt16(0))
            writer.shortText(queue)
            writer.number(UInt8(1))
        }
    }

    /// The answer to `basic.get`.
    private func readMessage() throws -> TestMessage? {
        var (id, reader) = try nextMethod()
        if id == (60, 72) { return nil }
        guard id == (60, 71) else { throw Failure(code: 0, description: "method \(id) in place of a message") }
        _ = try reader.number(UInt64.self)
        let redelivered = try reader.number(UInt8.self) != 0
        let header = try nextFrame()
        var content = AMQPReader(header.payload)
        _ = try content.take(4)
        let size = Int(try content.number(UInt64.self))
        var message = try TestMessage(properties: content.rest)
        while message.body.count < size { message.body += try nextFrame().payload }
        message.redelivered = redelivered
        return message
    }

    /// Takes out everything there is.
    package func drain(_ queue: String) throws -> [TestMessage] {
        try openChannel()
        var messages: [TestMessage] = []
        // Several questions at a time, or ten thousand messages would take as many round trips.
        var batch = 1
        while true {
            try send((0..<batch).flatMap { _ in Self.getMethod(queue) })
            let answers = try (0..<batch).map { _ in try readMessage() }
            messages += answers.compactMap { $0 }
            if answers.contains(where: { $0 == nil }) { return messages }
            batch = min(batch * 4, 256)
        }
    }
}
