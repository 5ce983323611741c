import EventLoop
import Glibc
import RabbitMQ
import TestSupport
import Testing

/// Brokers that say goodbye, fall silent in the middle, or talk nonsense.
@Suite struct HostileBrokerTests {
    /// What receiving ended with when the broker did `script` after the greeting, and how many messages came before.
    private func end(
        of script: @escaping @Sendable (BrokerSession) throws -> Void,
        notices: Journal<BrokerNotice> = Journal()
    ) throws -> (messages: Int, error: AMQPError?) {
        let broker = try ScriptedBroker { session in
            try session.greetConsumer()
            try script(session)
        }
        defer { broker.stop() }
        let consumer = try broker.consume()
        var count = 0
        do {
            while true {
                let hasMore = try consumer.receive(limit: 100, onNotice: notices.add) { _ in count += 1 }
                if !hasMore, !consumer.waitForInput() { return (count, nil) }
            }
        } catch {
            #expect(broker.surprises.all == [])
            return (count, error)
        }
    }

    @Test func `channel.close and connection.close are answered and reported with code and text`() throws {
        let answered = Journal<[UInt8]>()
        let channel = try end { session in
            try session.send(BrokerSession.closeChannel(406, "PRECONDITION_FAILED - unknown delivery tag 7"))
            answered.add(Array(try session.read().payload.prefix(4)))
        }
        #expect(channel.error?.kind == .closed(code: 406))
        #expect(channel.error?.description.contains("unknown delivery tag 7") == true)
        let connection = try end { session in
            try session.send(BrokerSession.closeConnection(320, "CONNECTION_FORCED - broker forced connection closure"))
            answered.add(Array(try session.read().payload.prefix(4)))
        }
        #expect(connection.error?.kind == .closed(code: 320))
        #expect(connection.error?.description.contains("CONNECTION_FORCED") == true)
        #expect(answered.wait(count: 2))
        #expect(answered.all == [[0, 20, 0, 41], [0, 10, 0, 51]])
    }

    @Test func `basic.cancel means the queue is gone`() throws {
        let result = try end { session in
            try session.send(BrokerSession.message(tag: 1, [1]))
            try session.send(
                .method(60, 30) { writer in
                    writer.shortString("tag")
                    writer.octet(1)
                }
            )
            _ = try? session.read()
        }
        #expect(result.messages == 1)
        #expect(result.error?.kind == .consumerCancelled)
    }

    @Test func `An alarm is told when it begins and when it ends, and messages go on`() throws {
        let notices = Journal<BrokerNotice>()
        let result = try end(
            of: { session in
                try session.send(.method(10, 60, channel: 0) { $0.shortString("low on memory") })
                try session.send(BrokerSession.message(tag: 1, [1]))
                try session.send(.method(10, 61, channel: 0))
                try session.send(BrokerSession.message(tag: 2, [2]))
            },
            notices: notices
        )
        #expect(notices.all == [.blocked(reason: "low on memory"), .unblocked])
        #expect(result.messages == 2)
        #expect(result.error?.kind == .connectionLost)
    }

    @Test func `A stream that ends anywhere inside a message is a lost connection, never half a message`() throws {
        let whole = (BrokerSession.message(tag: 1, Array("complete".utf8))).flatMap(\.encoded)
        for length in stride(from: 0, to: whole.count, by: 3) {
            let result = try end { session in try session.stream.write(Array(whole[..<length])) }
            #expect(result.messages == 0)
            #expect(result.error?.kind == .connectionLost)
        }
        let complete = try end { session in try session.stream.write(whole) }
        #expect(complete.messages == 1)
    }

    @Test func `Half a frame and then silence does not hold the loop up`() throws {
        let (sent, returned, finished) = (Signal(), Signal(), Signal())
        let broker = try ScriptedBroker { session in
            try session.greetConsumer()
            let bytes = BrokerSession.message(tag: 1, Array("late".utf8)).flatMap(\.encoded)
            try session.stream.write(Array(bytes[..<20]))
            sent.give()
            // Were `receive` to wait for the rest, the connection would end under it after 20 s, and it would throw.
            guard returned.await() else { return }
            try session.stream.write(Array(bytes[20...]))
            finished.await()
        }
        defer { broker.stop() }
        let consumer = try broker.consume()
        sent.await()
        for _ in 0..<100 {
            #expect(
                try consumer.receive(limit: 10) { _ in
                } _: { _ in
                    Issue.record("half a message")
                } == false
            )
        }
        returned.give()
        #expect(try consumer.collect(count: 1).map(\.body) == [Array("late".utf8)])
        finished.give()
    }

    @Test func `A header table nested 20,000 deep does not overflow a loop's stack`() throws {
        let properties = AMQPWriter { writer in
            writer.short(1 << 13)
            writer.nestedTable(20_000)
        }
        let broker = try ScriptedBroker { session in
            try session.greetConsumer()
            try session.send(BrokerSession.message(tag: 1, [1], properties: properties.bytes))
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let outcome = Journal<String>()
        let thread = try LoopThread(name: "consumer") {
            do {
                let consumer = try broker.consume()
                outcome.add("\(try consumer.collect(count: 1).map(\.headers))")
            } catch {
                outcome.add("\(error)")
            }
        }
        thread.join()
        #expect(outcome.all == [#"[[["", "other"]]]"#])
    }

    @Test(arguments: 0..<60)
    func `Nonsense ends the connection or is ignored, and never more`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let properties = AMQPWriter { writer in
            writer.short(0xfff8)
            writer.raw((0..<60).map { _ in UInt8.random(in: 0...40, using: &generator) })
        }
        var bytes =
            (BrokerSession.message(tag: 1, Array("first".utf8), properties: seed % 2 == 0 ? [0, 0] : properties.bytes)
            + [.heartbeat, BrokerSession.closeChannel(404, "x"), .method(10, 60, channel: 0) { $0.shortString("why") }]
            + BrokerSession.message(tag: 2, Array("second".utf8))).flatMap(\.encoded)
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        let sent = bytes
        let result = try end { session in try session.stream.write(sent) }
        #expect(result.error != nil)
        #expect(result.messages <= 2)
    }
}
