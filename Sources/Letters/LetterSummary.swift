/// Dead letters counted by one of their fields. Pure.
package struct LetterSummary: Sendable {
    package enum Field: String, Sendable, CaseIterable {
        case reason, host, publisher, offer, route, status
    }

    package struct Row: Sendable, Equatable {
        package var value: String
        package var count: Int
        /// Milliseconds since the Unix epoch; nil when none of the letters has a time.
        package var oldest: Int64?
        package var newest: Int64?
    }

    package let field: Field
    private var groups: [String: Row] = [:]

    package init(by field: Field) {
        self.field = field
    }

    package mutating func add(_ letter: Letter) {
        let value =
            switch field {
            case .reason: letter.reason
            case .host: letter.host ?? "none"
            case .publisher: letter.publisher ?? "unknown"
            case .offer: letter.offer ?? "none"
            case .route: letter.route ?? "none"
            case .status: letter.status.map { String($0) } ?? "none"
            }
        var row = groups[value] ?? Row(value: value, count: 0)
        row.count += 1
        if let time = letter.failedAt {
            row.oldest = min(row.oldest ?? time, time)
            row.newest = max(row.newest ?? time, time)
        }
        groups[value] = row
    }

    /// The most frequent first; equal counts by value.
    package var rows: [Row] {
        groups.values.sorted { $0.count != $1.count ? $0.count > $1.count : $0.value < $1.value }
    }
}
