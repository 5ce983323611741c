/// Which multi handle a transfer goes into, so that what libcurl does for each stays small.
///
/// For every request it looks at the connections to that destination one after the other until one is free, and when
/// the request is over at the connections of the handle until it has found this one (`curl_multi_remove_handle`). With ten
/// thousand in flight none of that lies in the processor's cache. Several handles divide both; a destination stays with
/// as few of them as will do, because each handle keeps connections of its own.
extension HTTPTransport {
    /// Transfers to one destination in one handle, above which the next handle takes over; more where it would not have
    /// room for all of them otherwise.
    static let transfersPerDestination = 16
    /// Transfers in one handle, whatever their destinations, above which the next one takes over.
    private static let transfersPerShard = 1000
    /// A handle for so many of the transfers that there may be, up to `mostShards`: each takes 40 KB and two descriptors,
    /// and with TLS the certificates of the bundle, parsed once more.
    private static let shareOfShard = 32
    private static let mostShards = 64
    /// Nanoseconds between two times that libcurl looks for old addresses in a handle.
    private static let tidyInterval: Int64 = 60_000_000_000

    static func shardCount(concurrency: Int) -> Int {
        min(max(1, (concurrency + shareOfShard - 1) / shareOfShard), mostShards)
    }

    // MARK: The loop's side of them

    /// libcurl is about to be called.
    func acts(_ shard: MultiHandle) {
        if shard.hasActed { return }
        shard.hasActed = true
        acted.append(shard)
    }

    /// Has libcurl run what is due.
    func runShardTimers() {
        var index = 0
        while let due = deadlines[index...].firstIndex(where: { $0 <= now }) {
            // libcurl sets the next one from inside the call.
            deadlines[due] = .max
            shards[due].runTimer()
            index = due + 1
        }
    }

    /// Monotonic nanoseconds; `.max` for never.
    var soonestOfShards: Int64 { deadlines.reduce(.max) { min($0, $1) } }

    // MARK: Choosing one

    /// Where the search for a destination's handle begins. They are laid out as far from each other as can be, however
    /// many there come to be (steps of the golden ratio): each may need some of the handles behind its own.
    static func shardHint(_ number: Int, shards: Int) -> Int {
        let fraction = UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15
        return Int(fraction.multipliedFullWidth(by: UInt64(shards)).high)
    }

    /// Gives a prepared transfer to the handle that is right for its destination.
    func enter(_ transfer: Transfer, _ origin: Origin) throws(TransferFailure) {
        let shard = shard(for: origin, usesHTTP2: transfer.usesHTTP2)
        let tidies = now >= shard.tidyAt
        try transfer.setTidying(tidies)
        try shard.add(transfer)
        if tidies { shard.tidyAt = now + Self.tidyInterval }
        transfer.shard = shard.index
        origin.entered(shard.index, of: shards.count)
    }

    /// The transfer is out of its handle.
    func left(_ transfer: Transfer) {
        transfer.origin?.left(transfer.shard)
        transfer.shard = -1
    }

    private func shard(for origin: Origin, usesHTTP2: Bool) -> MultiHandle {
        let limit = max(Self.transfersPerDestination, origin.underWay * 5 / (4 * shards.count) + 1)
        var index = origin.shardHint
        for _ in shards.indices {
            // With HTTP/2 they share a connection, which is in one handle.
            let isOpen = usesHTTP2 || origin.load(of: index) < limit
            if isOpen, shards[index].count < Self.transfersPerShard { return shards[index] }
            index = index + 1 == shards.count ? 0 : index + 1
        }
        return shards.min { $0.count < $1.count } ?? shards[origin.shardHint]
    }
}
