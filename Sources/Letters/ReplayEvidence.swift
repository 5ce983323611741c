import Conversion

/// What the delivery log tells about an interrupted replay: which of its letters were delivered, or tried at least. Pure.
///
/// A letter that it published and could not take out of the queue any more is a double. There are as many doubles as the
/// log knows letters of it, less those that are gone.
package struct ReplayEvidence: Sendable {
    package let id: String
    /// Milliseconds since the Unix epoch.
    package let startedAt: Int64
    /// Letters that lay there when it began; nil when the log does not know it.
    package private(set) var frozen: Int?
    /// It came to its end by itself, and left nothing in doubt.
    package private(set) var isComplete = false
    /// Ends per delivery, 0 for one that was only tried.
    private var ends: [ReplayedKey: Int] = [:]
    private var events: Set<ReplayedKey> = []
    private var anonymous = 0
    /// Of other replays and discards since: they took letters out too.
    private var others: Set<Int> = []
    private var discarded: [String: Int] = [:]
    private var recent = RecentRecords()
    private var doubles = 0

    package init(id: String, startedAt: Int64) {
        self.id = id
        self.startedAt = startedAt
    }

    private static let pointers = [
        "/kind", "/id", "/counts/frozen", "/counts/replayed", "/counts/unknown", "/counts/in_doubt",
        "/counts/discarded", "/replay",
    ].compactMap { try? JSONPointer(parsing: $0) }
    private static let audit = TextSearch("\"audit\"")
    private static let replay = TextSearch("\"replay\"")

    /// - Parameter body: of a record, the oldest first, from before the replay began.
    package mutating func add(_ body: [UInt8]) {
        if let record = ReplayRecord(body, replay: id) { return add(record) }
        if Self.audit.isIn(body), Self.text(0, body) == "audit" { return addAudit(body) }
        guard frozen != nil, Self.replay.isIn(body), let other = Self.text(7, body),
            let record = ReplayRecord(body, replay: other)
        else { return }
        var hasher = Hasher()
        hasher.combine(other)
        hasher.combine(record.delivery)
        others.insert(hasher.finalize())
    }

    private mutating func add(_ record: ReplayRecord) {
        guard recent.insert(record.hash) else { return }
        let isEnd = record.end != .retry
        if record.eventID == nil {
            anonymous += isEnd ? 1 : 0
        } else {
            ends[record.delivery, default: 0] += isEnd ? 1 : 0
            events.insert(record.event)
        }
    }

    private mutating func addAudit(_ body: [UInt8]) {
        guard let name = Self.text(1, body) else { return }
        if name != id {
            if frozen != nil, let count = Self.number(6, body) { discarded[name] = max(count, discarded[name] ?? 0) }
        } else if Self.number(3, body) == nil {
            frozen = Self.number(2, body)
        } else {
            frozen = frozen ?? Self.number(2, body)
            isComplete = (Self.number(4, body) ?? 0) == 0 && (Self.number(5, body) ?? 0) == 0
        }
    }

    private static func text(_ index: Int, _ body: [UInt8]) -> String? {
        guard case .scalar(let value) = JSONLookup.find(pointers[index], in: body) else { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    private static func number(_ index: Int, _ body: [UInt8]) -> Int? { text(index, body).flatMap { Int($0) } }

    /// Letters of it that the log knows.
    package var known: Int { anonymous + ends.values.reduce(0) { $0 + max(1, $1) } }

    /// Whether a letter was there when it began, and is no letter that died of it.
    package func wasThere(_ letter: Letter) -> Bool {
        letter.failedAt ?? 0 < startedAt + 1000 && letter.replayedFrom != id
    }

    /// Compares what is gone with what is known.
    /// - Parameter still: letters that were there when it began, and are.
    /// - Returns: how many are gone of which the log knows nothing yet; 0 when the doubles can be told.
    package mutating func compare(still: Int) -> Int {
        let gone = max(0, (frozen ?? 0) - still - discarded.values.reduce(0, +) - others.count)
        doubles = max(0, known - gone)
        return max(0, gone - known)
    }

    /// Whether this letter is a double; asked of the letters in their order, and after `compare`. Of what is no event that
    /// cannot be told.
    package mutating func take(_ letter: Letter) -> Bool {
        guard doubles > 0, letter.isEvent, letter.eventID != nil, wasThere(letter) else { return false }
        let key = letter.replayedKey
        if letter.isResolvedAnew {
            guard events.remove(key) != nil else { return false }
        } else {
            guard let count = ends[key] else { return false }
            ends[key] = count > 1 ? count - 1 : nil
        }
        doubles -= 1
        return true
    }
}
