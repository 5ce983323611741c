import EventLoop
package import Letters
package import RabbitMQ

/// Takes matching letters out of the queue for good, after `keep` has put a copy where it is safe. Confined to the
/// command's thread.
package final class DiscardRun {
    package let id: String
    package private(set) var counts = LetterCounts()
    package private(set) var looked = 0
    /// Acknowledged.
    package private(set) var discarded = 0
    /// Matching letters that stay because no copy could be made.
    package private(set) var kept = 0
    /// Why the delivery log has no record of it; nil when it has one.
    package private(set) var auditTrouble: String?
    package var frozen: Int { walk.frozen }
    package var otherReaders: Int { walk.otherReaders }

    private let walk: LetterWalk
    private let lane: LaneOptions
    private let filter: LetterFilter
    private let limit: Int
    private static let batch = 1000

    package init(id: String, lane: LaneOptions, filter: LetterFilter, limit: Int?) throws(AMQPError) {
        self.id = id
        self.lane = lane
        self.filter = filter
        self.limit = limit ?? .max
        walk = try LetterWalk(lane, name: "postback discard \(id)")
    }

    /// Discards; ends early when interrupted.
    /// - Parameters:
    ///   - canKeep: false for a letter of which no copy can be made; it stays.
    ///   - keep: copies these to where they survive a power cut, or throws, and they stay.
    package func run(
        canKeep: (Letter) -> Bool,
        keep: ([Letter]) throws -> Void,
        progress: (DiscardRun) -> Void
    ) throws {
        defer { try? walk.release() }
        var batch: [LetterWalk.Found] = []
        var more = true
        while more, !Interruption.isRequested, counts.total < limit {
            let start = walk.startedAt
            more = try walk.take(limit: Self.batch) { found in
                looked += 1
                guard counts.total < limit, found.letter.failedAt ?? 0 <= start, filter.matches(found.letter) else {
                    return walk.hold(found)
                }
                if canKeep(found.letter) {
                    counts.add(found.letter)
                    batch.append(found)
                } else {
                    kept += 1
                    walk.hold(found)
                }
            }
            if !batch.isEmpty {
                try keep(batch.map(\.letter))
                for found in batch where walk.acknowledge(found) { discarded += 1 }
                try walk.flush()
                batch.removeAll(keepingCapacity: true)
            } else if more {
                walk.wait(milliseconds: 100)
            }
            progress(self)
        }
        // Only then the acknowledgements are sure.
        try walk.release()
    }

    /// Counts, and changes nothing.
    package func rehearse() throws(AMQPError) {
        defer { try? walk.release() }
        while !Interruption.isRequested, counts.total < limit {
            let more = try walk.take(limit: Self.batch) { found in
                looked += 1
                if counts.total < limit, filter.matches(found.letter) { counts.add(found.letter) }
            }
            if !more { return }
            walk.wait(milliseconds: 100)
        }
    }

    /// Writes into the delivery log who discarded what.
    package func audit() throws {
        let wakeUp = try WakeUp()
        let results = Mailbox<PublishResult>(wakeUp: wakeUp)
        let publisher = try Publisher(
            .init(urls: lane.urls, tls: lane.tls, name: "postback discard \(id) audit"),
            onResults: { results.post($0) },
            onState: { _ in }
        )
        defer { publisher.stop() }
        let record = AuditRecord(
            .discard,
            id: id,
            at: Clock.wall(),
            filter: filter.description,
            counts: [("frozen", frozen), ("discarded", discarded)]
        )
        publisher.publish([
            PublishRequest(token: 0, exchange: "", routingKey: lane.topology.deliveries, body: record.json)
        ])
        let start = Clock.monotonic()
        while Clock.monotonic() - start < 5_000_000_000 {
            if let answer = results.takeAll().first {
                if answer.outcome != .confirmed { auditTrouble = answer.outcome.explanation }
                return
            }
            walk.wait(milliseconds: 50, forLetters: false, alsoFor: [wakeUp.descriptor])
            wakeUp.clear()
            try walk.keepAlive()
        }
        auditTrouble = "no answer"
    }
}
