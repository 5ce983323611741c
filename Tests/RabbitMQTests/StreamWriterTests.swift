import TestSupport
import Testing

@testable import RabbitMQ

/// The writer against a broker that does what the test says.
@Suite struct StreamWriterTests {
    /// A writer whose counts are kept.
    private final class Fixture: Sendable {
        let writer: StreamWriter
        let written = Journal<Int>()
        let dropped = Journal<Int>()
        let states = Journal<StreamWriter.State>()

        init(_ url: BrokerURL, records: Int = 20_000, bytes: Int = 8 << 20, window: Int = 2000) throws {
            var options = StreamWriter.Options(urls: [url], tls: BrokerTLS(), name: "a test", stream: "s")
            options.recordLimit = records
            options.byteLimit = bytes
            options.window = window
            let (written, dropped, states) = (written, dropped, states)
            writer = try StreamWriter(
                options,
                onWritten: { written.add($0) },
                onDropped: { dropped.add($0) },
                onState: { states.add($0) }
            )
        }

        var writtenCount: Int { written.all.reduce(0, +) }
        var droppedCount: Int { dropped.all.reduce(0, +) }
    }

    private static func greet(_ session: BrokerSession) throws {
        try session.greet()
        try session.expect(50, 10)
        try session.send(
            .method(50, 11) { writer in
                writer.shortString("s")
                writer.long(0)
                writer.long(0)
            }
        )
        try session.expect(85, 10)
        try session.send(.method(85, 11))
    }

    private static func acknowledge(_ session: BrokerSession, upTo tag: UInt64) throws {
        try session.send(
            .method(60, 80) { writer in
                writer.longLong(tag)
                writer.octet(1)
            }
        )
    }

    @Test func `Records arrive as messages of their own, in order, through the default exchange`() throws {
        let bodies = Journal<String>()
        let broker = try ScriptedBroker { session in
            try Self.greet(session)
            for tag in 1...3 {
                let publication = try session.readPublication()
                let body = String(decoding: publication.body, as: UTF8.self)
                bodies.add("\(publication.exchange)|\(publication.routingKey)|\(publication.isMandatory)|\(body)")
                if tag == 3 { try Self.acknowledge(session, upTo: 3) }
            }
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try Fixture(broker.url)
        fixture.writer.offer(StreamWindowTests.batch(["one", "two"]))
        fixture.writer.offer(StreamWindowTests.batch(["three"]))
        #expect(fixture.written.wait { $0.reduce(0, +) == 3 })
        fixture.writer.stop(within: 2000)
        #expect(bodies.all == ["|s|true|one", "|s|true|two", "|s|true|three"])
        #expect(fixture.droppedCount == 0)
        #expect(broker.surprises.all == [])
    }

    @Test func `What a broken connection left open is sent again, three times at most`() throws {
        let seen = Journal<Int>()
        let broker = try ScriptedBroker { session in
            try Self.greet(session)
            _ = try session.readPublication()
            seen.add(session.number)
        }
        defer { broker.stop() }
        let fixture = try Fixture(broker.url)
        fixture.writer.offer(StreamWindowTests.batch(["one"]))
        #expect(fixture.dropped.wait { $0.reduce(0, +) == 1 })
        #expect(seen.all.count == 3)
        fixture.writer.stop(within: 100)
        #expect(fixture.writtenCount == 0)
        #expect(fixture.droppedCount == 1)
    }

    @Test func `The bound holds while nothing is confirmed: the newest are dropped and counted`() throws {
        let broker = try ScriptedBroker { session in
            try Self.greet(session)
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try Fixture(broker.url, records: 10)
        for number in 0..<8 { fixture.writer.offer(StreamWindowTests.batch(["a\(number)", "b\(number)"])) }
        #expect(fixture.droppedCount == 6)
        #expect(fixture.writer.isFull)
        fixture.writer.stop(within: 200)
        #expect(fixture.droppedCount == 16)
        #expect(fixture.writtenCount == 0)
    }

    @Test func `Records that come back because the stream is gone are dropped; what was under way waits`() throws {
        let broker = try ScriptedBroker { session in
            try Self.greet(session)
            if session.number == 0 {
                let publication = try session.readPublication()
                try session.send(
                    .method(60, 50) { writer in
                        writer.short(312)
                        writer.shortString("NO_ROUTE")
                        writer.shortString("")
                        writer.shortString("s")
                    },
                    .header(size: UInt64(publication.body.count)),
                    .body(publication.body)
                )
                try Self.acknowledge(session, upTo: 1)
                while true { _ = try session.read() }
            }
            _ = try session.readPublication()
            try Self.acknowledge(session, upTo: 1)
            while true { _ = try session.read() }
        }
        defer { broker.stop() }
        let fixture = try Fixture(broker.url)
        fixture.writer.offer(StreamWindowTests.batch(["lost"]))
        #expect(fixture.states.wait { $0.contains { if case .disconnected = $0 { true } else { false } } })
        fixture.writer.offer(StreamWindowTests.batch(["kept"]))
        #expect(fixture.written.wait { $0.reduce(0, +) >= 1 })
        fixture.writer.stop(within: 2000)
        // Whether the confirm was read with the return decides if the first is lost or sent again.
        #expect(fixture.writtenCount + fixture.droppedCount == 2)
    }

    @Test func `It stops in time when the broker is not there`() throws {
        let listener = try LoopbackListener()
        let url = try BrokerURL(parsing: "amqp://guest:guest@127.0.0.1:\(listener.port)/")
        let fixture = try Fixture(url)
        fixture.writer.offer(StreamWindowTests.batch(["one"]))
        fixture.writer.stop(within: 200)
        #expect(fixture.writtenCount == 0)
    }
}
