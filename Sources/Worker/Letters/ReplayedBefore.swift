import Conversion
import EventLoop
package import Letters
package import RabbitMQ

/// What an interrupted replay has replayed already, as far as the delivery log tells: letters that it published, and
/// was killed before it could take them out of the queue.
package struct ReplayedBefore: Sendable {
    package let id: String
    /// Milliseconds since the Unix epoch: when that replay began.
    package let startedAt: Int64
    private var keys: Set<Int> = []

    /// How many deliveries of it the log knows.
    package private(set) var deliveries = 0

    /// Nil for what is no id of a replay, such as `20261126T081500Z-4f2a`.
    package init?(id: String) {
        let digits = Array(id.utf8.prefix(15))
        guard digits.count == 15, id.utf8.count == 21 else { return nil }
        func part(_ start: Int, _ count: Int) -> String {
            String(decoding: digits[start..<start + count], as: UTF8.self)
        }
        let time =
            "\(part(0, 4))-\(part(4, 2))-\(part(6, 2))T\(part(9, 2)):\(part(11, 2)):\(part(13, 2))Z"
        guard let milliseconds = try? RFC3339.milliseconds(Array(time.utf8).span) else { return nil }
        self.id = id
        startedAt = milliseconds
    }

    /// Reads the log from when that replay began up to its end.
    package mutating func read(_ lane: LaneOptions, progress: (Int) -> Void) throws(AMQPError) {
        guard let url = lane.urls.first else { return }
        let stream = lane.topology.deliveries
        let name = "postback replay after \(id)"
        guard let last = try StreamReader.lastOffset(of: stream, at: url, tls: lane.tls, name: name) else { return }
        let reader = try StreamReader(
            url,
            tls: lane.tls,
            name: name,
            stream: stream,
            from: .time(milliseconds: startedAt - 60_000)
        )
        defer { reader.close() }
        var read = 0
        var silence = 0
        while silence < 30, !Interruption.isRequested {
            let records = try reader.next(waiting: 100)
            silence = records.isEmpty ? silence + 1 : 0
            read += records.count
            for record in records {
                guard let delivery = ReplayedDelivery(record.body, replay: id) else { continue }
                if keys.insert(Self.key(delivery.eventID, delivery.route)).inserted { deliveries += 1 }
                // Of an event that had found no postback yet one delivery is enough to know.
                keys.insert(Self.key(delivery.eventID, ""))
            }
            progress(read)
            if let newest = records.last, newest.offset >= last { return }
        }
    }

    package func holds(_ letter: Letter) -> Bool {
        guard let eventID = letter.eventID, letter.failedAt ?? 0 < startedAt + 1000, letter.replayedFrom != id else {
            return false
        }
        return keys.contains(Self.key(eventID, letter.route ?? ""))
    }

    private static func key(_ eventID: String, _ route: String) -> Int {
        var hasher = Hasher()
        hasher.combine(eventID)
        hasher.combine(route)
        return hasher.finalize()
    }
}
