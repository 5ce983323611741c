/// Whether a failed attempt tells of our own network rather than of its destination. Pure; destinations are numbers,
/// times monotonic nanoseconds.
///
/// One that ends in silence is ours when nobody at all has been heard of for most of its time (`quiet`), and at least two
/// others that were heard of in the quarter of an hour before the silence are waited for in vain as well. A peer that says
/// no is heard of: a refused or reset connection, a failed handshake and rubbish for an answer come over a network that
/// works. (Where the system knows no route at all, the transport says so itself.)
package struct NetworkWatch: Sendable {
    private struct Witness: Sendable {
        var destination: Int
        var heardAt: Int64
        /// Attempts ended in silence since then, whoever was blamed for it.
        var isSilent = false
    }

    /// Destinations that were heard of lately, each once.
    private var witnesses: [Witness] = []
    private var lastHeard: Int64 = .min
    private var lastNote: Int64 = .min
    private var someAreSilent = false
    /// Since when nobody was heard of, while that is taken for an outage; and the last one that is over.
    private var outageSince: Int64?
    private var lastOutage: ClosedRange<Int64>?

    private static let limit = 16
    private static let memory: Int64 = 900_000_000_000
    /// A shorter silence is none.
    private static let leastQuiet: Int64 = 1_500_000_000

    package init() {}

    /// The destination was heard of, whatever it said.
    package mutating func answered(_ destination: Int, now: Int64) {
        if let since = outageSince { lastOutage = since...max(since, now) }
        outageSince = nil
        lastHeard = now
        // Now and then is enough to know some that are well.
        if !someAreSilent, lastNote != .min, now - lastNote < 20_000_000, witnesses.count >= 3 { return }
        lastNote = now
        if let index = witnesses.firstIndex(where: { $0.destination == destination }) {
            witnesses[index] = Witness(destination: destination, heardAt: now)
        } else if witnesses.count < Self.limit {
            witnesses.append(Witness(destination: destination, heardAt: now))
        } else if let oldest = witnesses.indices.min(by: { witnesses[$0].heardAt < witnesses[$1].heardAt }) {
            witnesses[oldest] = Witness(destination: destination, heardAt: now)
        }
        someAreSilent = witnesses.contains(where: \.isSilent)
    }

    /// The number stands for another destination from now on.
    package mutating func forget(_ destination: Int) {
        witnesses.removeAll { $0.destination == destination }
    }

    /// An attempt ended in silence.
    ///
    /// The silence is to have lasted for three quarters of the attempt, not for all of it: what was on its way when the
    /// network went is excused too, and so is what began before it was back.
    /// - Parameter isUnderWay: whether attempts to that destination are under way.
    /// - Returns: whether our own network is to blame.
    package mutating func isOurs(
        _ destination: Int,
        startedAt: Int64,
        now: Int64,
        isUnderWay: (Int) -> Bool
    ) -> Bool {
        var others = 0
        for index in witnesses.indices {
            if witnesses[index].destination == destination {
                witnesses[index].isSilent = true
                someAreSilent = true
            } else if lastHeard - witnesses[index].heardAt < Self.memory,
                witnesses[index].isSilent || isUnderWay(witnesses[index].destination)
            {
                others += 1
            }
        }
        if lastOutage?.contains(startedAt) == true { return true }
        guard lastHeard != .min, others >= 2 else { return false }
        guard now - lastHeard >= max(Self.leastQuiet, (now - startedAt) / 4 * 3) else { return false }
        outageSince = lastHeard
        return true
    }
}
