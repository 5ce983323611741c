import ArgumentParser

/// Counts and times of records, by one of their members.
struct DeliverySummary {
    enum Key: String, ExpressibleByArgument, CaseIterable {
        case host, route, verdict, publisher, reason

        func value(of record: LoggedDelivery) -> String {
            let value: String?
            switch self {
            case .host: value = record.host
            case .route: value = record.route
            case .verdict: value = record.verdict
            case .publisher: value = record.publisherID
            case .reason: value = record.reason
            }
            return value ?? "(none)"
        }
    }

    struct Row: Encodable {
        let value: String
        let records: Int
        let failures: Int
        /// 0 to 1.
        let failureShare: Double
        /// Milliseconds of attempts; nil when there was none.
        let p50: Double?
        let p90: Double?
        let p99: Double?

        enum CodingKeys: String, CodingKey {
            case value, records, failures, p50, p90, p99
            case failureShare = "failure_share"
        }
    }

    private struct Group {
        var records = 0
        var failures = 0
        var times = TimeSketch()
    }

    /// Values beyond so many are counted together: bounds memory.
    static let groupLimit = 100_000

    private let key: Key
    private var groups: [String: Group] = [:]

    init(by key: Key) {
        self.key = key
    }

    mutating func add(_ record: LoggedDelivery) {
        var value = key.value(of: record)
        if groups.count >= Self.groupLimit, groups[value] == nil { value = "(others)" }
        groups[value, default: Group()].records += 1
        if record.isFailure { groups[value, default: Group()].failures += 1 }
        if record.kind == "attempt", let total = record.ms?.total { groups[value, default: Group()].times.add(total) }
    }

    /// The most records first.
    var rows: [Row] {
        groups.map { value, group in
            Row(
                value: value,
                records: group.records,
                failures: group.failures,
                failureShare: (Double(group.failures) / Double(group.records) * 10_000).rounded() / 10_000,
                p50: group.times.percentile(0.5),
                p90: group.times.percentile(0.9),
                p99: group.times.percentile(0.99)
            )
        }
        .sorted { ($1.records, $0.value) < ($0.records, $1.value) }
    }

    func lines(width: Int) -> [String] {
        let rows = rows.map { row in
            [
                row.value, String(row.records), String(row.failures),
                DeliveryTable.number(row.failureShare * 100) + " %",
                row.p50.map(DeliveryTable.number) ?? "", row.p90.map(DeliveryTable.number) ?? "",
                row.p99.map(DeliveryTable.number) ?? "",
            ]
        }
        let table = TextTable(
            [.init(title: key.rawValue.uppercased(), least: 12, wanted: 60)]
                + [("RECORDS", 7), ("FAILED", 6), ("SHARE", 7), ("P50 MS", 8), ("P90 MS", 8), ("P99 MS", 8)].map {
                    .init(title: $0.0, least: $0.1, wanted: 10, isNumber: true)
                },
            width: width,
            rows: rows
        )
        return [table.header] + rows.map(table.row)
    }
}
