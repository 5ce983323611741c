/// The longest turn of a loop within the last one to two minutes: of the minute that runs and of the one before, so that
/// it does not depend on who asks and how often. Pure; nanoseconds of a clock that never goes back.
package struct LongestTurn: Sendable {
    /// How long a stretch lasts.
    package static let stretch: Int64 = 60_000_000_000

    private var current: Int64 = 0
    private var previous: Int64 = 0
    private var end: Int64

    package init(now: Int64 = 0) {
        end = now + Self.stretch
    }

    package var value: Int64 { max(current, previous) }

    /// A turn ended that had begun at `start`.
    package mutating func ended(_ start: Int64, now: Int64) {
        if now >= end {
            // Nobody turned for more than a stretch: what was before is too old.
            previous = now - end < Self.stretch ? current : 0
            current = 0
            end = now + Self.stretch
        }
        current = max(current, now - start)
    }
}
