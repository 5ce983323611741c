/// Tells records that were written twice, which happens soon after one another. Pure.
struct RecentRecords: Sendable, Equatable {
    /// More than a worker's log holds unconfirmed.
    private static let limit = 60_000
    private var known: Set<Int> = []
    private var ring: [Int] = []
    private var next = 0

    /// - Returns: false for one that was here lately.
    mutating func insert(_ hash: Int) -> Bool {
        guard known.insert(hash).inserted else { return false }
        if ring.count < Self.limit {
            ring.append(hash)
        } else {
            known.remove(ring[next])
            ring[next] = hash
            next = (next + 1) % Self.limit
        }
        return true
    }
}
