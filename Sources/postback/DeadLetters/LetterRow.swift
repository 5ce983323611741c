import Delivery
import Letters

/// A dead letter as `list` prints it.
struct LetterRow: Encodable, Sendable {
    let eventID: String?
    let publisher: String?
    let offer: String?
    let smartlink: String?
    let route: String?
    let reason: String
    let status: Int64?
    let attempts: Int64
    let failedAt: String?
    let firstAttemptAt: String?
    let host: String?
    let url: String?
    let lastError: String?
    let replayedFrom: String?

    enum CodingKeys: String, CodingKey {
        case eventID = "event_id"
        case publisher = "publisher_id"
        case offer = "offer_id"
        case smartlink = "smartlink_id"
        case route, reason, status, attempts
        case failedAt = "failed_at"
        case firstAttemptAt = "first_attempt_at"
        case host, url
        case lastError = "last_error"
        case replayedFrom = "replayed_from"
    }

    init(_ letter: Letter) {
        eventID = letter.eventID
        publisher = letter.publisher
        offer = letter.offer
        smartlink = letter.smartlink
        route = letter.route
        reason = letter.reason
        status = letter.status
        attempts = letter.attempts
        failedAt = letter.failedAt.map { Timestamp.text($0) }
        firstAttemptAt = letter.firstAttemptAt.map { Timestamp.text($0) }
        host = letter.host
        url = letter.url
        lastError = letter.lastError
        replayedFrom = letter.replayedFrom
    }

    static let columns: [TextTable.Column] = [
        .init(title: "FAILED AT", least: 20, wanted: 20), .init(title: "REASON", least: 12, wanted: 19),
        .init(title: "STATUS", least: 6, wanted: 6, isNumber: true), .init(title: "ROUTE", least: 12, wanted: 36),
        .init(title: "EVENT", least: 10, wanted: 36), .init(title: "TRIES", least: 5, wanted: 5, isNumber: true),
        .init(title: "HOST", least: 16, wanted: 30), .init(title: "LAST ERROR", least: 24, wanted: 60),
    ]

    var cells: [String] {
        [
            failedAt.map { "\($0.prefix(19))Z" } ?? "-", reason, status.map { String($0) } ?? "-",
            route ?? publisher.map { "publisher \($0)" } ?? "-", eventID ?? "-", String(attempts), host ?? "-",
            lastError ?? "",
        ]
    }
}

/// A line of a summary.
struct SummaryRow: Encodable {
    let value: String
    let count: Int
    let oldest: String?
    let newest: String?

    init(_ row: LetterSummary.Row) {
        value = row.value
        count = row.count
        oldest = row.oldest.map { Timestamp.text($0) }
        newest = row.newest.map { Timestamp.text($0) }
    }

    static func text(_ summary: LetterSummary, width: Int) -> String {
        let rows = summary.rows.map { SummaryRow($0) }
        let cells = rows.map { row in
            [row.value, String(row.count)]
                + [row.oldest, row.newest].map { time in time.map { "\($0.prefix(19))Z" } ?? "-" }
        }
        let table = TextTable(
            [
                .init(title: summary.field.rawValue.uppercased(), least: 16, wanted: 60),
                .init(title: "COUNT", least: 7, wanted: 9, isNumber: true),
                .init(title: "OLDEST", least: 20, wanted: 20), .init(title: "NEWEST", least: 20, wanted: 20),
            ],
            width: width,
            rows: cells
        )
        return ([table.header] + cells.map { table.row($0) }).joined(separator: "\n")
    }
}
