package import Letters

extension ReplayRun {
    package struct Options: Sendable {
        package var id: String
        package var filter = LetterFilter()
        package var target = ReplayTarget.current
        package var limit: Int?
        package var perSecond: Double?
        package var canary: Canary?
        /// An interrupted replay, whose letters are not replayed twice.
        package var before: ReplayedBefore?
        /// Follow the log to the end of every delivery.
        package var waits = false
        /// Milliseconds that a canary or `waits` waits for the last verdicts.
        package var patience: Int64 = 600_000
        /// Only `rehearse` will be called.
        package var isRehearsal = false

        package init(id: String) {
            self.id = id
        }

        var isWatched: Bool { waits || canary != nil }
        /// Hardly any letter stays: what died meanwhile, and what a broken connection leaves in doubt.
        var takesAll: Bool { filter.isEmpty && target == .current && limit == nil && !isRehearsal }
    }
}
