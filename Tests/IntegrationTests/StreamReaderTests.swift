import RabbitMQ
import TestSupport
import Testing

/// Reading a stream of the real broker.
@Suite(.light, .timeLimit(Patience.limit))
struct StreamReaderTests {
    /// A stream of the test's own with `count` records "r0", "r1", ...; deleted afterwards.
    private func withStream(_ count: Int, _ body: (String, BrokerURL, AMQPConnection) throws -> Void) throws {
        let broker = try TestBroker.shared()
        let amqp = try broker.connect()
        let stream = "it-stream-" + RandomName.make(8)
        try amqp.declare(queue: stream, [AMQPField("x-queue-type", .text("stream"))])
        defer { try? amqp.delete(queue: stream) }
        if count > 0 {
            try amqp.publish((0..<count).map { TestMessage("r\($0)") }, exchange: "", key: stream)
        }
        try body(stream, BrokerURL(parsing: broker.url), amqp)
    }

    private func read(_ reader: StreamReader, until last: UInt64) throws -> [StreamReader.Record] {
        var records: [StreamReader.Record] = []
        try eventually("record \(last)", within: 60) {
            records += try reader.next(waiting: 1000)
            return records.last.map { $0.offset >= last } ?? false
        }
        return records
    }

    @Test("all records come once and in order, whatever the prefetch")
    func all() throws {
        try withStream(3000) { stream, url, _ in
            let last = try StreamReader.lastOffset(of: stream, at: url, tls: BrokerTLS(), name: "test")
            #expect(last == 2999)
            for prefetch in [2, 100, 5000] {
                let count: UInt64 = prefetch == 2 ? 100 : 2999
                let reader = try StreamReader(
                    url,
                    tls: BrokerTLS(),
                    name: "test",
                    stream: stream,
                    from: .first,
                    prefetch: prefetch
                )
                defer { reader.close() }
                let records = try read(reader, until: count)
                #expect(records.map(\.offset) == Array(0..<UInt64(records.count)))
                #expect(records.allSatisfy { $0.body == Array("r\($0.offset)".utf8) })
            }
        }
    }

    @Test("it begins where it was told to, also within a chunk")
    func starts() throws {
        try withStream(1000) { stream, url, amqp in
            func open(_ start: StreamReader.Start) throws -> StreamReader {
                try StreamReader(url, tls: BrokerTLS(), name: "test", stream: stream, from: start)
            }
            let middle = try open(.offset(517))
            #expect(try read(middle, until: 999).map(\.offset) == Array(517...999))
            middle.close()
            let last = try open(.last)
            #expect(try read(last, until: 999).last?.body == Array("r999".utf8))
            last.close()
            let old = try open(.time(milliseconds: 1_000_000_000_000))
            #expect(try read(old, until: 999).first?.offset == 0)
            old.close()
            let next = try open(.next)
            #expect(try next.next(waiting: 200) == [])
            try amqp.publish([TestMessage("new")], exchange: "", key: stream)
            #expect(try read(next, until: 1000) == [StreamReader.Record(offset: 1000, body: Array("new".utf8))])
            next.close()
        }
    }

    @Test("an empty stream has no last offset, and a missing one says so")
    func empty() throws {
        try withStream(0) { stream, url, _ in
            let last = try StreamReader.lastOffset(of: stream, at: url, tls: BrokerTLS(), name: "test")
            #expect(last == nil)
            let error = #expect(throws: AMQPError.self) {
                try StreamReader(url, tls: BrokerTLS(), name: "test", stream: stream + "-missing", from: .first)
            }
            #expect(error?.kind == .closed(code: 404))
        }
    }
}
