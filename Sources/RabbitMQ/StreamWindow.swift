internal import DequeModule

/// The batches that were sent on one channel and are not confirmed yet. Pure: delivery tags in, counts out.
struct StreamWindow: Sendable {
    private var batches: Deque<(batch: StreamBatch, first: UInt64)> = []
    private var next: UInt64 = 1
    /// The oldest tag without an answer.
    private var oldest: UInt64 = 1
    /// Answered before an older one was.
    private var early: Set<UInt64> = []

    /// Records without an answer, some answered ones between them included.
    var count: Int { Int(next - oldest) }
    var isEmpty: Bool { next == oldest }

    mutating func sent(_ batch: StreamBatch) {
        batches.append((batch, next))
        next += UInt64(batch.count)
    }

    /// What an answer settles.
    struct Settled: Equatable {
        /// Records it answers.
        var answered = 0
        /// Records and bytes of the batches that are over with it.
        var records = 0
        var bytes = 0
    }

    mutating func answered(tag: UInt64, multiple: Bool) -> Settled {
        var settled = Settled()
        if multiple {
            let last = tag == 0 ? next - 1 : min(tag, next - 1)
            guard last >= oldest else { return settled }
            let known = early.count
            if !early.isEmpty { early = early.filter { $0 > last } }
            settled.answered = Int(last - oldest + 1) - (known - early.count)
            oldest = last + 1
        } else {
            guard tag >= oldest, tag < next, !early.contains(tag) else { return settled }
            settled.answered = 1
            if tag == oldest { oldest += 1 } else { early.insert(tag) }
        }
        while early.remove(oldest) != nil { oldest += 1 }
        while let front = batches.first, front.first + UInt64(front.batch.count) <= oldest {
            settled.records += front.batch.count
            settled.bytes += front.batch.bytes.count
            batches.removeFirst()
        }
        return settled
    }

    /// The channel is gone: the batches with what has no answer, oldest first, and what is over with those before. A
    /// record that was confirmed before an older one may be among them.
    mutating func lost() -> (left: [StreamBatch], over: Settled) {
        var over = Settled()
        let left = batches.map { entry in
            var batch = entry.batch
            if oldest > entry.first { batch.removeFirst(Int(oldest - entry.first)) }
            over.records += entry.batch.count - batch.count
            over.bytes += entry.batch.bytes.count - batch.bytes.count
            batch.losses += 1
            return batch
        }
        self = StreamWindow()
        return (left, over)
    }
}
