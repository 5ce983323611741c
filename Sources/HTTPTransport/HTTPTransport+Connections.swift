/// How many connections are kept for the next request to their destination.
///
/// A request that finds none makes one: 50 µs, and 800 over TLS. Requests go to destinations by chance, so that
/// each now has several under way and then none; kept are therefore more than there are ever requests at once. libcurl
/// closes what has been idle for 25 s, so that of many destinations only those that get something hold connections.
extension HTTPTransport {
    /// Connections that a handle keeps, however few destinations there are: half as many again as its share, since they
    /// are not spread evenly. Over all handles that is less than twice the concurrency and some, which the limit of open
    /// files is reckoned with.
    static func connectionsPerShard(concurrency: Int, shards: Int) -> Int { concurrency * 3 / (2 * shards) + 12 }

    /// The same with so many destinations: two for each request that there may be and four for each of them, but not more
    /// than `spare` beyond the least over all handles.
    static func connectionsPerShard(concurrency: Int, shards: Int, destinations: Int, spare: Int) -> Int {
        let least = connectionsPerShard(concurrency: concurrency, shards: shards)
        let wanted = (concurrency * 2 + destinations * 4) / shards
        return max(least, min(wanted, least + spare / shards))
    }

    /// There are more destinations, or fewer.
    func keepConnections() {
        if shards.isEmpty { return }
        let wanted = Self.connectionsPerShard(
            concurrency: options.concurrency,
            shards: shards.count,
            destinations: origins.count,
            spare: options.spareConnections
        )
        if wanted == connectionsPerShard { return }
        connectionsPerShard = wanted
        for shard in shards { shard.keep(wanted) }
    }
}
