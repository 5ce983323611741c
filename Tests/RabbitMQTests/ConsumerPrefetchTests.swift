import RabbitMQ
import TestSupport
import Testing

/// A consumer that changes how much it asks for.
@Suite struct ConsumerPrefetchTests {
    @Test func `Another prefetch is another consumer on the channel, and what is under way still arrives`() throws {
        let asked = Journal<String>()
        let broker = try ScriptedBroker { session in
            try session.greetConsumer()
            var cancel = try session.expect(60, 30)
            asked.add("cancel \(cancel.shortString()) \(cancel.octet())")
            try session.send(BrokerSession.message(tag: 1, [1]))
            var qos = try session.expect(60, 10)
            asked.add("qos \(qos.long()) \(qos.short()) \(qos.octet())")
            try session.send(.method(60, 11))
            var consume = try session.expect(60, 20)
            asked.add("consume \(consume.short()) \(consume.shortString()) \(consume.shortString()) \(consume.octet())")
            try session.send(BrokerSession.message(tag: 2, [2]))
            cancel = try session.expect(60, 30)
            asked.add("cancel \(cancel.shortString()) \(cancel.octet())")
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let consumer = try broker.consume(prefetch: 1)
        #expect(consumer.isConsuming)
        try consumer.consume(prefetch: 500)
        #expect(try consumer.collect(count: 2).map(\.tag) == [1, 2])
        try consumer.pause()
        try consumer.pause()
        #expect(!consumer.isConsuming && asked.wait(count: 4))
        let consumption = "consume 0 postback.conversions tag #1 8"
        #expect(asked.all == ["cancel tag 1", "qos 0 500 0", consumption, "cancel tag #1 1"])
        #expect(broker.surprises.all == [])
    }

    @Test func `Without a prefetch nothing is asked for until it consumes`() throws {
        let broker = try ScriptedBroker { session in
            try session.greet()
            try session.expect(60, 10)
            try session.send(.method(60, 11))
            try session.expect(60, 20)
            try session.send(BrokerSession.message(tag: 9, [9]))
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let consumer = try broker.consume(prefetch: 0)
        #expect(!consumer.isConsuming)
        try consumer.pause()
        try consumer.consume(prefetch: 1)
        #expect(try consumer.collect(count: 1).map(\.tag) == [9])
        #expect(broker.surprises.all == [])
    }
}
