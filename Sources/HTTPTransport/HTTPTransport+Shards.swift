/// Which multi handle a transfer goes into, so that what libcurl does for each stays small.
///
/// For every request it looks at the connections to that destination one after the other until one is free, and when
/// the request is over at every connection of the handle (`curl_multi_remove_handle`). Several handles divide both; a
/// destination stays with as few of them as will do, because each handle keeps connections of its own.
extension HTTPTransport {
    /// Transfers to one destination in one handle, above which the next handle takes over.
    static let transfersPerDestination = 32
    /// Transfers in one handle, whatever their destinations, above which the next one takes over.
    private static let transfersPerShard = 1000
    private static let mostShards = 64
    /// Nanoseconds between two times that libcurl looks for old addresses in a handle.
    private static let tidyInterval: Int64 = 60_000_000_000

    static func shardCount(concurrency: Int) -> Int {
        min(max(1, (concurrency + transfersPerDestination - 1) / transfersPerDestination), mostShards)
    }

    /// Connections that a handle keeps: half as many again as its share, since no destinations are spread evenly. Over all
    /// handles that is less than twice the concurrency and some, which the limit of open files is reckoned with.
    static func connectionsPerShard(concurrency: Int, shards: Int) -> Int { concurrency * 3 / (2 * shards) + 16 }

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
        var index = origin.shardHint
        for _ in shards.indices {
            // With HTTP/2 they share a connection, which is in one handle.
            let isOpen = usesHTTP2 || origin.load(of: index) < Self.transfersPerDestination
            if isOpen, shards[index].count < Self.transfersPerShard { return shards[index] }
            index = index + 1 == shards.count ? 0 : index + 1
        }
        return shards.min { $0.count < $1.count } ?? shards[origin.shardHint]
    }
}
