internal import CRabbitMQ
internal import CShims
internal import Glibc

/// Reads a RabbitMQ stream over AMQP 0-9-1 on a connection of its own, blocking: for the commands and for threads of
/// the rim, never for a loop. Reading takes nothing out of a stream and disturbs no other reader.
///
/// Confined to one thread at a time. Any error thrown means: close it and open another from the offset after the last
/// record.
package final class StreamReader {
    /// Where to begin. The broker sends whole chunks; what lies before the place that was asked for is left out here.
    package enum Start: Sendable, Equatable {
        /// The oldest record that is still kept.
        case first
        /// The newest chunk: some of the newest records.
        case last
        /// Only what comes from now on.
        case next
        /// This record, or the oldest that is kept when it is gone.
        case offset(UInt64)
        /// The first chunk that was written at this time (milliseconds since the Unix epoch) or later. The broker knows
        /// whole seconds, and the time of chunks but not of records: some older records may come first.
        case time(milliseconds: Int64)
    }

    package struct Record: Sendable, Equatable {
        /// Its number in the stream: grows by one from record to record.
        package let offset: UInt64
        package let body: [UInt8]

        package init(offset: UInt64, body: [UInt8]) {
            self.offset = offset
            self.body = body
        }
    }

    private let consumer: Consumer
    private let limit: Int
    private let floor: UInt64
    /// The newest delivery that was not yet acknowledged; acknowledging is what gives the broker credit for more.
    private var unacknowledged: UInt64?

    /// Connects and starts reading; a missing stream throws `closed(code: 404)`.
    /// - Parameter prefetch: records under way at most, 2 to 65,535.
    package init(
        _ url: BrokerURL,
        tls: BrokerTLS,
        name: String,
        stream: String,
        from start: Start,
        prefetch: Int = 2000
    ) throws(AMQPError) {
        let prefetch = min(max(prefetch, 2), Int(UInt16.max))
        if case .offset(let offset) = start { floor = offset } else { floor = 0 }
        limit = prefetch / 2
        consumer = try Consumer(
            on: Connection(to: url, tls: tls, name: name),
            queue: stream,
            prefetch: prefetch,
            tag: name,
            arguments: [TableEntry("x-stream-offset", start.argument)]
        )
    }

    /// Readable when records may have come; only a hint, `next` knows more.
    package var descriptor: Int32 { consumer.descriptor }

    /// What has come, in order; empty when nothing came in time, or when a signal interrupted the wait.
    /// Call it at least every ten seconds, so that heartbeats are sent.
    /// - Parameter milliseconds: how long to wait for the first record; 0 looks only.
    package func next(waiting milliseconds: Int) throws(AMQPError) -> [Record] {
        try acknowledge()
        var records: [Record] = []
        var left = milliseconds
        while true {
            let hasMore = try receive(into: &records)
            if !records.isEmpty { return records }
            if hasMore {
                try acknowledge()
                continue
            }
            if left <= 0 { return [] }
            var entry = pollfd(fd: consumer.descriptor, events: Int16(POLLIN), revents: 0)
            let step = min(left, 1000)
            if unsafe poll(&entry, 1, Int32(step)) < 0 { return [] }
            left -= entry.revents == 0 ? step : 1
        }
    }

    private func receive(into records: inout [Record]) throws(AMQPError) -> Bool {
        try consumer.receive(limit: limit) { _ in
        } _: { message in
            unacknowledged = message.deliveryTag
            var offset: UInt64 = 0
            unsafe message.forEachHeader { name, value in
                if case .integer(let number) = value, unsafe name.elementsEqual("x-stream-offset".utf8) {
                    offset = UInt64(clamping: number)
                }
            }
            if offset >= floor { records.append(Record(offset: offset, body: unsafe Array(message.body))) }
        }
    }

    private func acknowledge() throws(AMQPError) {
        guard let tag = unacknowledged else { return }
        unacknowledged = nil
        consumer.acknowledge(tag, multiple: true)
        try consumer.flush()
    }

    package func close() { consumer.close() }
}

extension StreamReader {
    /// The offset of the newest record; nil when the stream is empty. A stream has no end that a reader could see, so
    /// whoever wants to stop there asks for it first, and reads up to it. Blocks for half a second on an empty stream.
    package static func lastOffset(
        of stream: String,
        at url: BrokerURL,
        tls: BrokerTLS,
        name: String
    ) throws(AMQPError) -> UInt64? {
        let admin = try BrokerAdmin(url, tls: tls, name: name)
        let count = try admin.depth(of: stream)?.ready
        admin.close()
        let reader = try StreamReader(url, tls: tls, name: name, stream: stream, from: .last)
        defer { reader.close() }
        // The broker counts a stream's records every few seconds only: a count of 0 may be old, a larger one is true.
        var patience = count == 0 ? 500 : 10_000
        var last: UInt64?
        while patience > 0 {
            let wait = last == nil ? 250 : 100
            let records = try reader.next(waiting: wait)
            if let newest = records.last?.offset {
                if last == nil { patience = 1000 }  // of a busy stream: what came until now is its end
                last = newest
                patience -= 1
            } else if last != nil {
                return last
            } else {
                patience -= wait
            }
        }
        return last
    }
}

extension StreamReader.Start {
    /// The value of the consumer's argument `x-stream-offset`.
    var argument: FieldValue {
        switch self {
        case .first: .text("first")
        case .last: .text("last")
        case .next: .text("next")
        case .offset(let offset): .integer(Int64(clamping: offset))
        case .time(let milliseconds): .timestamp(seconds: UInt64(max(0, milliseconds / 1000)))
        }
    }
}
