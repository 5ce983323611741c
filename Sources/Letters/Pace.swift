/// How many letters may go now, when so many may a second: a bucket that fills evenly and holds a tenth of a second's
/// worth, so that a pause is not made up for by a burst. Pure; time is an argument.
package struct Pace: Sendable {
    private let perSecond: Double?
    private var level: Double
    private var last: Int64?

    /// - Parameter perSecond: nil for no bound.
    package init(perSecond: Double?) {
        self.perSecond = perSecond
        level = 1
    }

    private var capacity: Double { max(1, (perSecond ?? 0) / 10) }

    /// - Parameter now: monotonic nanoseconds.
    package mutating func allowance(now: Int64) -> Int {
        guard let perSecond else { return .max }
        if let last { level = min(capacity, level + Double(now - last) / 1e9 * perSecond) }
        last = now
        return Int(level)
    }

    package mutating func spend(_ count: Int) {
        if perSecond != nil { level -= Double(count) }
    }

    /// `10`, `10/s`, `600/m`; nil for what is no rate.
    package static func parse(_ text: String) -> Double? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let number = Double(first), number.isFinite, number > 0, parts.count <= 2 else {
            return nil
        }
        switch parts.count == 2 ? parts[1] : "s" {
        case "s": return number
        case "m", "min": return number / 60
        case "h": return number / 3600
        default: return nil
        }
    }
}
