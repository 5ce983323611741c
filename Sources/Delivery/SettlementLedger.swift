/// The messages taken from the queue and not yet acknowledged: who is still owed what, and which acknowledgement may be
/// sent. Pure; the only place that decides that a message is settled.
///
/// Messages stand in the order of their delivery tags in a linked list. What lies before the oldest unsettled one can
/// be acknowledged with one `multiple`, which must name a tag still outstanding at the broker (PERFORMANCE section 8):
/// the highest settled tag before that point is one. Settled messages behind it wait a little for those in front, then
/// go one by one. The work is proportional to what was settled, never to the window.
package struct SettlementLedger: Sendable {
    package struct Acknowledgement: Sendable, Equatable {
        package var tag: UInt64
        package var multiple: Bool
    }

    private struct Entry: Sendable {
        var tag: UInt64 = 0
        var open = 0
        /// Its connection is gone: the broker will deliver it again, whatever we do.
        var isOrphan = false
        var next = -1
        var previous = -1
    }

    private var entries: [Entry] = []
    private var free: [Int] = []
    private var oldest = -1
    private var newest = -1
    private var settled: [UInt64] = []
    /// When the first message since the last flush was settled, and when the first of those that then had to wait.
    private var settledSince: Int64?
    private var stragglersSince: Int64?
    /// Messages not settled, orphans included.
    package private(set) var count = 0

    /// Acknowledgements wait for this many, or `patience`, so that one frame settles many messages.
    package static let batch = 32
    /// Nanoseconds.
    package static let patience: Int64 = 2_000_000
    /// How long a settled message waits for an older one before it is acknowledged alone, in nanoseconds.
    package static let stragglerPatience: Int64 = 50_000_000

    package init() {}

    /// A message arrived; it is settled when `close` was called as often as it was opened, at least once.
    /// - Returns: its slot, valid until it is settled or given back.
    package mutating func received(tag: UInt64) -> Int {
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
        } else {
            slot = entries.count
            entries.append(Entry())
        }
        entries[slot] = Entry(tag: tag, open: 1, isOrphan: false, next: -1, previous: newest)
        if newest >= 0 { entries[newest].next = slot } else { oldest = slot }
        newest = slot
        count += 1
        return slot
    }

    /// `extra` more deliveries belong to this message than the one it was received with.
    package mutating func open(_ slot: Int, extra: Int) {
        entries[slot].open += extra
    }

    /// Whether the broker has the message back. Changes nothing, but is `mutating`: for a call of any other kind the class
    /// that has the ledger would copy it, with references to all of its arrays.
    package mutating func isOrphan(_ slot: Int) -> Bool { entries[slot].isOrphan }

    /// One delivery of the message is over or safe in another queue.
    /// - Returns: true when that was the last: the slot is free again, and the message acknowledged with the next flush.
    package mutating func close(_ slot: Int, now: Int64) -> Bool {
        entries[slot].open -= 1
        if entries[slot].open > 0 { return false }
        if !entries[slot].isOrphan {
            settledSince = settledSince ?? now
            settled.append(entries[slot].tag)
        }
        release(slot)
        return true
    }

    /// The message goes back to its queue unsettled.
    /// - Returns: the tag to be given back; nil when the broker has it back already.
    package mutating func giveBack(_ slot: Int) -> UInt64? {
        let entry = entries[slot]
        release(slot)
        return entry.isOrphan ? nil : entry.tag
    }

    private mutating func release(_ slot: Int) {
        let entry = entries[slot]
        if !entry.isOrphan {
            if entry.previous >= 0 { entries[entry.previous].next = entry.next } else { oldest = entry.next }
            if entry.next >= 0 { entries[entry.next].previous = entry.previous } else { newest = entry.previous }
        }
        free.append(slot)
        count -= 1
    }

    /// The consuming connection is gone: no tag means anything any more.
    package mutating func connectionLost() {
        var slot = oldest
        while slot >= 0 {
            entries[slot].isOrphan = true
            slot = entries[slot].next
        }
        oldest = -1
        newest = -1
        settled.removeAll(keepingCapacity: true)
        settledSince = nil
        stragglersSince = nil
    }

    /// The acknowledgements to send now.
    /// - Parameters:
    ///   - now: monotonic nanoseconds.
    ///   - force: all of them, whether or not waiting would save some.
    package mutating func takeAcknowledgements(now: Int64, force: Bool, into result: inout [Acknowledgement]) {
        if settled.isEmpty { return }
        let isStale = stragglersSince.map { now - $0 >= Self.stragglerPatience } ?? false
        let isRipe = settled.count >= Self.batch || (settledSince.map { now - $0 >= Self.patience } ?? false)
        if !force, !isStale, !isRipe || (settledSince == nil && settled.count < 4 * Self.batch) { return }
        let limit = oldest >= 0 ? entries[oldest].tag : .max
        var highest: UInt64 = 0
        var kept = 0
        for tag in settled {
            if tag < limit {
                highest = max(highest, tag)
            } else {
                settled[kept] = tag
                kept += 1
            }
        }
        settled.removeLast(settled.count - kept)
        if highest > 0 { result.append(Acknowledgement(tag: highest, multiple: true)) }
        stragglersSince = kept == 0 ? nil : stragglersSince ?? settledSince ?? now
        settledSince = nil
        if kept > 0, force || isStale || kept >= 4 * Self.batch {
            for tag in settled { result.append(Acknowledgement(tag: tag, multiple: false)) }
            settled.removeAll(keepingCapacity: true)
            stragglersSince = nil
        }
    }

    /// Nanoseconds until `takeAcknowledgements` may have something to say; nil when there is nothing to wait for.
    package func timeUntilFlush(now: Int64) -> Int64? {
        let soon = settledSince.map { $0 + Self.patience }
        let late = stragglersSince.map { $0 + Self.stragglerPatience }
        guard let due = soon.map({ min($0, late ?? .max) }) ?? late else { return nil }
        return max(0, due - now)
    }
}
