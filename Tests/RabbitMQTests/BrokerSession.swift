import TestSupport

/// One connection as its broker sees it. The script of a test says what is done.
struct BrokerSession {
    let stream: LoopbackStream
    /// The number of the connection, from 0.
    let number: Int

    enum Surprise: Error {
        case method(got: [UInt8], wanted: [UInt8])
        case badFrame([UInt8])
    }

    struct Publication: Sendable {
        var exchange: String
        var routingKey: String
        var isMandatory: Bool
        var properties: PublishedProperties
        var body: [UInt8]
    }

    func send(_ frames: AMQPFrame...) throws { try stream.write(frames.flatMap(\.encoded)) }
    func send(_ frames: [AMQPFrame]) throws { try stream.write(frames.flatMap(\.encoded)) }

    /// The next frame that is no heartbeat.
    func read() throws -> AMQPFrame {
        while true {
            var head = AMQPReader(try stream.read(7))
            let (type, channel, size) = (head.octet(), head.short(), Int(head.long()))
            let payload = try stream.read(size + 1)
            if payload.last != 0xCE { throw Surprise.badFrame(payload) }
            if type != AMQPFrame.heartbeat.type {
                return AMQPFrame(type: type, channel: channel, payload: payload.dropLast())
            }
        }
    }

    /// Reads a frame that must be this method; its arguments.
    @discardableResult
    func expect(_ class: UInt16, _ method: UInt16) throws -> AMQPReader {
        let frame = try read()
        let wanted = AMQPFrame.method(`class`, method).payload
        if frame.type != AMQPFrame.method || !frame.payload.starts(with: wanted) {
            throw Surprise.method(got: frame.payload, wanted: wanted)
        }
        return AMQPReader(Array(frame.payload.dropFirst(4)))
    }

    // MARK: Greetings

    func start() throws {
        _ = try stream.read(8)
        try send(
            .method(10, 10, channel: 0) { writer in
                writer.octet(0)
                writer.octet(9)
                writer.table([("product", "S", .text("RabbitMQ")), ("version", "S", .text("9.9.9"))])
                writer.longString("PLAIN")
                writer.longString("en_US")
            }
        )
    }

    func tune(heartbeat: UInt16 = 60, frameMax: UInt32 = 131_072) throws {
        try send(
            .method(10, 30, channel: 0) { writer in
                writer.short(2047)
                writer.long(frameMax)
                writer.short(heartbeat)
            }
        )
        try expect(10, 31)
    }

    /// From the protocol header to the open channel.
    func greet(frameMax: UInt32 = 131_072) throws {
        try start()
        try expect(10, 11)
        try tune(frameMax: frameMax)
        try expect(10, 40)
        try send(.method(10, 41, channel: 0) { $0.shortString("") })
        try expect(20, 10)
        try send(.method(20, 11) { $0.longString("") })
    }

    func greetConsumer() throws {
        try greet()
        try expect(60, 10)
        try send(.method(60, 11))
        var consume = try expect(60, 20)
        _ = (consume.short(), consume.shortString())
        let tag = consume.shortString()
        try send(.method(60, 21) { $0.shortString(tag) })
    }

    func greetPublisher(frameMax: UInt32 = 131_072) throws {
        try greet(frameMax: frameMax)
        try expect(85, 10)
        try send(.method(85, 11))
    }

    // MARK: Messages

    static func deliver(tag: UInt64, redelivered: Bool = false) -> AMQPFrame {
        .method(60, 60) { writer in
            writer.shortString("tag")
            writer.longLong(tag)
            writer.octet(redelivered ? 1 : 0)
            writer.shortString("postback")
            writer.shortString("conversions")
        }
    }

    /// A whole message in as few frames as it needs.
    static func message(tag: UInt64, _ body: [UInt8], properties: [UInt8] = [0, 0]) -> [AMQPFrame] {
        [deliver(tag: tag), .header(size: UInt64(body.count), properties: properties)]
            + (body.isEmpty ? [] : [.body(body)])
    }

    func readPublication() throws -> Publication {
        var method = try expect(60, 40)
        _ = method.short()
        let (exchange, key, bits) = (method.shortString(), method.shortString(), method.octet())
        var header = AMQPReader(try read().payload)
        _ = header.long()
        let size = Int(header.number(8))
        let properties = PublishedProperties(&header)
        var body: [UInt8] = []
        while body.count < size { body += try read().payload }
        return Publication(
            exchange: exchange,
            routingKey: key,
            isMandatory: bits & 1 != 0,
            properties: properties,
            body: body
        )
    }

    func confirm(_ tag: UInt64, multiple: Bool = false) throws {
        try send(
            .method(60, 80) { writer in
                writer.longLong(tag)
                writer.octet(multiple ? 1 : 0)
            }
        )
    }

    func refuse(_ tag: UInt64, multiple: Bool = false) throws {
        try send(
            .method(60, 120) { writer in
                writer.longLong(tag)
                writer.octet(multiple ? 1 : 0)
            }
        )
    }

    /// `basic.return` with the message, as a broker sends it before the confirmation.
    func giveBack(_ publication: Publication, publishID: Int64) throws {
        let properties = AMQPWriter { writer in
            writer.short(1 << 13)
            writer.table([("x-postback-publish-id", "l", .integer(publishID))])
        }
        let text = AMQPFrame.method(60, 50) { writer in
            writer.short(312)
            writer.shortString("NO_ROUTE")
            writer.shortString(publication.exchange)
            writer.shortString(publication.routingKey)
        }
        try send([text, .header(size: UInt64(publication.body.count), properties: properties.bytes)])
        if !publication.body.isEmpty { try send(.body(publication.body)) }
    }

    static func closing(_ class: UInt16, _ method: UInt16, code: UInt16, _ text: String) -> AMQPFrame {
        .method(`class`, method, channel: `class` == 10 ? 0 : 1) { writer in
            writer.short(code)
            writer.shortString(text)
            writer.short(0)
            writer.short(0)
        }
    }

    static func closeConnection(_ code: UInt16, _ text: String) -> AMQPFrame { closing(10, 50, code: code, text) }
    static func closeChannel(_ code: UInt16, _ text: String) -> AMQPFrame { closing(20, 40, code: code, text) }
}
