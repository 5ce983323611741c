/// What libcurl itself does wrong.
extension HTTPTransport {
    /// Puts a new multi handle in the place of one that libcurl refuses to go on with. The transfers in it would never
    /// end: they end here, as our own fault, and their messages are tried again.
    func replace(_ shard: MultiHandle, because fault: TransferFailure) {
        var count = 0
        for transfer in transfers where transfer.shard == shard.index {
            shard.remove(transfer)
            left(transfer)
            transfer.isSpoilt = true
            let (wasSent, openedConnection) = (transfer.sends > 0, transfer.openedConnection)
            end(transfer, fault)
            // What went out may have arrived: the log says unknown_outcome. Re-sends are counted already.
            transfer.sends = wasSent ? 1 : 0
            transfer.openedConnection = openedConnection
            count += 1
        }
        deadlines[shard.index] = .max
        do throws(TransferFailure) {
            shards[shard.index] = try makeShard(shard.index, connectionsPerShard, self)
            onFault("\(fault); \(count) requests under way were given up, and a new handle takes over")
        } catch {
            onFault("\(fault); \(count) requests under way were given up. No new handle: \(error)")
        }
    }
}
