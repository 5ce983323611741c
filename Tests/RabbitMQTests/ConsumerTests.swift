import Glibc
import RabbitMQ
import TestSupport
import Testing

@Suite struct ConsumerTests {
    /// A broker that greets a consumer, sends `frames`, and waits until the client hangs up.
    private func broker(_ frames: [AMQPFrame]) throws -> ScriptedBroker {
        try ScriptedBroker { session in
            try session.greetConsumer()
            try session.send(frames)
            while true { _ = try session.read() }
        }
    }

    private func messages(_ frames: [AMQPFrame], count: Int = 1) throws -> [ReceivedMessage] {
        let broker = try broker(frames)
        defer { broker.stop() }
        let consumer = try broker.consume()
        let messages = try consumer.collect(count: count)
        #expect(broker.surprises.all == [])
        return messages
    }

    @Test func `It asks for its prefetch and its queue, without automatic acknowledgement`() throws {
        let asked = Journal<String>()
        let broker = try ScriptedBroker { session in
            try session.greet()
            var qos = try session.expect(60, 10)
            asked.add("\(qos.long()) \(qos.short()) \(qos.octet())")
            try session.send(.method(60, 11))
            var consume = try session.expect(60, 20)
            asked.add(
                "\(consume.short()) \(consume.shortString()) \(consume.shortString()) \(consume.octet()) \(consume.table())"
            )
            try session.send(.method(60, 21) { $0.shortString("tag") })
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        _ = try broker.consume(prefetch: 100_000)
        #expect(asked.all == ["0 65535 0", "0 postback.conversions tag 0 [:]"])
    }

    @Test func `A message in one frame`() throws {
        let properties = AMQPWriter { writer in
            writer.short(1 << 15 | 1 << 12)
            writer.shortString("application/json")
            writer.octet(2)
        }
        let frames = [
            BrokerSession.deliver(tag: 7, redelivered: true), .header(size: 5, properties: properties.bytes),
            .body(Array("hello".utf8)),
        ]
        let message = try #require(try messages(frames).first)
        #expect(message.tag == 7)
        #expect(message.redelivered)
        #expect(message.body == Array("hello".utf8))
        #expect(message.contentType == "application/json")
        #expect(message.headers == [])
        #expect(message.properties == properties.bytes)
    }

    @Test func `A body in several frames with heartbeats in between`() throws {
        var generator = SeededGenerator(seed: 1)
        let body = (0..<300_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var frames: [AMQPFrame] = [
            BrokerSession.deliver(tag: 1), .heartbeat, .header(size: UInt64(body.count)), .heartbeat,
        ]
        for start in stride(from: 0, to: body.count, by: 131_064) {
            frames += [.body(Array(body[start..<min(start + 131_064, body.count)])), .heartbeat]
        }
        frames += BrokerSession.message(tag: 2, Array("next".utf8))
        let received = try messages(frames, count: 2)
        #expect(received.map(\.tag) == [1, 2])
        #expect(received.first?.body == body)
        #expect(received.last?.body == Array("next".utf8))
    }

    @Test func `A body one byte a frame, and one without any`() throws {
        let text = Array("one byte at a time".utf8)
        var frames: [AMQPFrame] = [BrokerSession.deliver(tag: 1), .header(size: UInt64(text.count))]
        frames += text.map { .body([$0]) }
        frames += BrokerSession.message(tag: 2, [])
        frames += [BrokerSession.deliver(tag: 3), .header(size: 3), .body([]), .body(Array("abc".utf8))]
        let received = try messages(frames, count: 3)
        #expect(received.map(\.tag) == [1, 2, 3])
        #expect(received.map(\.body) == [text, [], Array("abc".utf8)])
    }

    @Test func `Headers of every kind are read, and those nobody reads are skipped`() throws {
        let properties = AMQPWriter { writer in
            writer.short(1 << 13)
            writer.table([
                ("text", "S", .text("värde")), ("bytes", "x", .text("raw")), ("i8", "b", [0xff]), ("u8", "B", [0xff]),
                ("i16", "s", .integer(Int16(-2))), ("u16", "u", .integer(UInt16(65_535))),
                ("i32", "I", .integer(Int32.min)),
                ("u32", "i", .integer(UInt32.max)), ("i64", "l", .integer(Int64.min)),
                ("u64", "L", .integer(UInt64.max)),
                ("time", "T", .integer(UInt64(1_800_000_000))), ("yes", "t", [1]), ("no", "t", [0]),
                ("double", "d", .integer(UInt64(0))),
                ("decimal", "D", [2, 0, 0, 0, 1]), ("void", "V", []),
                ("array", "A", AMQPWriter { $0.longString([0x74, 1]) }.bytes),
                ("table", "F", AMQPWriter { $0.table([("a", "t", [1])]) }.bytes), ("", "S", .text("")),
            ])
        }
        let message = try #require(try messages(BrokerSession.message(tag: 1, [1], properties: properties.bytes)).first)
        #expect(
            message.headers == [
                ["text", "värde"], ["bytes", "raw"], ["i8", "-1"], ["u8", "255"], ["i16", "-2"], ["u16", "65535"],
                ["i32", "-2147483648"], ["u32", "4294967295"], ["i64", "-9223372036854775808"],
                ["u64", "9223372036854775807"],
                ["time", "1800000000"], ["yes", "true"], ["no", "false"], ["double", "other"], ["decimal", "other"],
                ["void", "other"],
                ["array", "other"], ["table", "other"], ["", ""],
            ]
        )
    }

    @Test func `No more than the limit at a time, and it tells when more lies inside the library`() throws {
        let go = Signal()
        let broker = try ScriptedBroker { session in
            try session.greetConsumer()
            go.await()
            try session.send((1...10).flatMap { BrokerSession.message(tag: $0, [UInt8($0)]) })
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let consumer = try broker.consume()
        go.give()
        #expect(consumer.waitForInput())
        // They came in one write, so the library has them all after its first read: no socket event will follow.
        var sizes: [Int] = []
        var tags: [UInt64] = []
        var hasMore = true
        while hasMore, sizes.count < 20 {
            let before = tags.count
            hasMore = try consumer.receive(limit: 3) { _ in
            } _: {
                tags.append($0.deliveryTag)
            }
            sizes.append(tags.count - before)
        }
        #expect(sizes == [3, 3, 3, 1])
        #expect(tags == Array(1...10))
        #expect(
            try consumer.receive(limit: 3) { _ in
            } _: { _ in
            } == false
        )
    }

    @Test func `Acknowledgements go out together, in order, byte for byte`() throws {
        let frames = Journal<AMQPFrame>()
        let broker = try ScriptedBroker { session in
            try session.greetConsumer()
            while true { frames.add(try session.read()) }
        }
        defer { broker.stop() }
        let consumer = try broker.consume()
        #expect(!consumer.hasUnsentAcknowledgements)
        consumer.acknowledge(0x0102_0304_0506_0708, multiple: true)
        consumer.giveBack(2)
        consumer.acknowledge(3, multiple: false)
        #expect(consumer.hasUnsentAcknowledgements)
        try consumer.flush()
        #expect(!consumer.hasUnsentAcknowledgements)
        try consumer.flush()
        try consumer.cancel()
        #expect(frames.wait(count: 4))
        func settlement(_ method: UInt16, _ tag: UInt64, _ flags: UInt8) -> AMQPFrame {
            .method(60, method) { writer in
                writer.longLong(tag)
                writer.octet(flags)
            }
        }
        let cancel = AMQPFrame.method(60, 30) { writer in
            writer.shortString("tag")
            writer.octet(1)
        }
        #expect(
            frames.all == [
                settlement(80, 0x0102_0304_0506_0708, 1), settlement(120, 2, 2), settlement(80, 3, 0), cancel,
            ]
        )
    }

    @Test func `More acknowledgements than the socket takes at once all arrive`() throws {
        let (count, frame) = (UInt64(200_000), 21)
        let go = Signal()
        let seen = Journal<UInt64>()
        let broker = try ScriptedBroker { session in
            try session.greetConsumer()
            go.await()
            var bytes: [UInt8] = []
            var tags: [UInt64] = []
            while bytes.count < Int(count) * frame { bytes += try session.stream.readSome() }
            for start in stride(from: 0, to: bytes.count, by: frame) {
                var reader = AMQPReader(Array(bytes[start + 11..<start + 19]))
                tags.append(reader.number(8))
            }
            seen.add(tags)
        }
        defer { broker.stop() }
        let consumer = try broker.consume()
        for tag in 1...count { consumer.acknowledge(tag, multiple: false) }
        // 4.2 MB: more than a socket's buffers usually take.
        go.give()
        try consumer.flush()
        #expect(seen.wait(count: Int(count)))
        #expect(seen.all == Array(1...count))
        #expect(broker.surprises.all == [])
    }

    @Test func `After cancel what was under way still arrives`() throws {
        let broker = try ScriptedBroker { session in
            try session.greetConsumer()
            try session.expect(60, 30)
            try session.send(BrokerSession.message(tag: 1, [1]) + BrokerSession.message(tag: 2, [2]))
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let consumer = try broker.consume()
        try consumer.cancel()
        #expect(try consumer.collect(count: 2).map(\.tag) == [1, 2])
    }
}
