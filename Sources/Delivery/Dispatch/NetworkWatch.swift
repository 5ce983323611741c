/// Whether a failed attempt tells of our own network rather than of its destination. Pure; destinations are numbers,
/// times monotonic nanoseconds.
///
/// One that fails without an answer is ours when nobody at all has answered since it began, and at least two others that
/// did answer within a quarter of an hour are waited for in vain as well. (Where the system knows no route at all, the
/// transport says so itself.)
package struct NetworkWatch: Sendable {
    private struct Witness: Sendable {
        var destination: Int
        var answeredAt: Int64
    }

    /// Destinations that answered lately, each once.
    private var witnesses: [Witness] = []
    private var lastAnswer: Int64 = .min
    private var lastNote: Int64 = .min

    private static let limit = 16
    private static let memory: Int64 = 900_000_000_000

    package init() {}

    /// The destination answered, whatever it said.
    package mutating func answered(_ destination: Int, now: Int64) {
        lastAnswer = now
        // Now and then is enough to know some that are well.
        if lastNote != .min, now - lastNote < 20_000_000, witnesses.count >= 3 { return }
        lastNote = now
        if let index = witnesses.firstIndex(where: { $0.destination == destination }) {
            witnesses[index].answeredAt = now
        } else if witnesses.count < Self.limit {
            witnesses.append(Witness(destination: destination, answeredAt: now))
        } else if let oldest = witnesses.indices.min(by: { witnesses[$0].answeredAt < witnesses[$1].answeredAt }) {
            witnesses[oldest] = Witness(destination: destination, answeredAt: now)
        }
    }

    /// The number stands for another destination from now on.
    package mutating func forget(_ destination: Int) {
        witnesses.removeAll { $0.destination == destination }
    }

    /// - Parameter isWaitedFor: whether attempts to that destination are under way, or it has failed since it last answered.
    package func isOurs(_ destination: Int, startedAt: Int64, now: Int64, isWaitedFor: (Int) -> Bool) -> Bool {
        guard lastAnswer < startedAt else { return false }
        let others = witnesses.count {
            $0.destination != destination && now - $0.answeredAt < Self.memory && isWaitedFor($0.destination)
        }
        return others >= 2
    }
}
