import Conversion
import EventLoop
package import Letters
package import RabbitMQ

/// What an interrupted replay has replayed already, as far as the delivery log tells: letters that it published, and
/// was killed before it could take them out of the queue.
package struct ReplayedBefore: Sendable {
    package var evidence: ReplayEvidence
    package var id: String { evidence.id }
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
        evidence = ReplayEvidence(id: id, startedAt: milliseconds)
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
            from: .time(milliseconds: evidence.startedAt - 60_000)
        )
        defer { reader.close() }
        var read = 0
        var silence = 0
        while silence < 30, !Interruption.isRequested {
            let records = try reader.next(waiting: 100)
            silence = records.isEmpty ? silence + 1 : 0
            read += records.count
            for record in records { evidence.add(record.body) }
            progress(read)
            if let newest = records.last, newest.offset >= last { return }
        }
    }

    /// Whether it replayed this letter already; see `ReplayEvidence.take`.
    mutating func take(_ letter: Letter) -> Bool { evidence.take(letter) }
}
