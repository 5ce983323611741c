/// What all workers know about routes that fail or are paused: the records of the stream, put together. Pure.
///
/// For each route the record with the latest time counts, and of two of the same time the one that comes later in the
/// stream: so every reader of the same records ends with the same book, records that are written again change nothing,
/// and a pause that a worker decides on cannot undo a person's later resumption. Of two workers that report a failing
/// route the earlier `since` counts, and the earlier time at which it was told, as long as no recovery lies between.
package struct PauseBook: Sendable, Equatable {
    package private(set) var paused: [String: PauseRecord] = [:]
    package private(set) var failing: [String: PauseRecord] = [:]
    /// When the last pause or resumption, and the last recovery, of a route was.
    package private(set) var decidedAt: [String: Int64] = [:]
    package private(set) var recoveredAt: [String: Int64] = [:]
    /// Times of routes that are neither are kept for so many: an older record of theirs comes soon or never.
    private static let memory = 10_000

    package init() {}

    /// - Returns: whether anything changed.
    @discardableResult
    package mutating func apply(_ record: PauseRecord) -> Bool {
        let before = (paused[record.route], failing[record.route], recoveredAt[record.route])
        switch record.kind {
        case .failing:
            let begins = record.since ?? record.at
            if let recovery = recoveredAt[record.route], recovery >= begins { return false }
            guard let known = failing[record.route] else {
                failing[record.route] = record
                break
            }
            let since = min(begins, known.since ?? known.at)
            var earlier = begins == since && begins != known.since ?? known.at ? record : known
            earlier.at = min(record.at, known.at)
            if earlier.at != since { earlier.since = since }
            failing[record.route] = earlier
        case .recovered:
            recoveredAt[record.route] = max(recoveredAt[record.route] ?? .min, record.at)
            if let known = failing[record.route], known.since ?? known.at <= record.at { failing[record.route] = nil }
        case .paused, .resumed:
            guard record.at >= decidedAt[record.route] ?? .min else { return false }
            decidedAt[record.route] = record.at
            if record.kind == .paused {
                paused[record.route] = record
            } else {
                paused[record.route] = nil
                // It starts afresh: what it failed before does not pause it again at once.
                recoveredAt[record.route] = max(recoveredAt[record.route] ?? .min, record.at)
                failing[record.route] = nil
            }
        case .started, .snapshot:
            return false
        }
        forget()
        return before != (paused[record.route], failing[record.route], recoveredAt[record.route])
    }

    /// Everything in force, as records that make the same book.
    package var records: [PauseRecord] {
        (Array(failing.values) + Array(paused.values)).sorted {
            ($0.route, $0.kind.rawValue) < ($1.route, $1.kind.rawValue)
        }
    }

    private mutating func forget() {
        if decidedAt.count > paused.count + Self.memory { decidedAt = decidedAt.filter { paused[$0.key] != nil } }
        if recoveredAt.count > Self.memory { recoveredAt = recoveredAt.filter { failing[$0.key] != nil } }
    }
}
