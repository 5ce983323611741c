import Delivery

/// The text of times that mostly lie in the same second as the one before: RFC 3339 in UTC with milliseconds.
struct RecordClock {
    private var second = Int64.min
    /// `2026-11-22T23:04:05.`
    private(set) var text: [UInt8] = []

    /// Makes `text` the one of this second.
    mutating func set(_ milliseconds: Int64) {
        let second = milliseconds / 1000
        if second == self.second { return }
        self.second = second
        text = Array(Timestamp.text(milliseconds).utf8.prefix(20))
    }
}
