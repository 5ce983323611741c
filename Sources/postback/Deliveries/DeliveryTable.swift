/// Records of the delivery log as lines of a table.
struct DeliveryTable {
    private let table: TextTable

    init(width: Int) {
        // The time of day tells lines apart; the date is shown where there is plenty of room.
        let time = width >= 140 ? 24 : width >= 100 ? 12 : 8
        table = TextTable(
            [
                .init(title: "AT", least: time, wanted: time),
                .init(title: "EVENT", least: 10, wanted: 28),
                .init(title: "ROUTE", least: 12, wanted: 30),
                .init(title: "VERDICT", least: 9, wanted: 15),
                .init(title: "TRY", least: 3, wanted: 3, isNumber: true),
                .init(title: "HTTP", least: 4, wanted: 4, isNumber: true),
                .init(title: "MS", least: 7, wanted: 8, isNumber: true),
                .init(title: "REASON", least: 8, wanted: 40),
            ],
            width: width
        )
    }

    var header: String { table.header }

    func row(_ record: LoggedDelivery) -> String {
        if record.kind == "audit" {
            return table.row([
                time(record.at), "", "", record.action ?? record.kind, "", "", "", record.by.map { "by \($0)" } ?? "",
            ])
        }
        return table.row([
            time(record.at), record.eventID ?? "", record.route ?? record.publisherID ?? "", record.verdict ?? "",
            record.attempt.map { String($0) } ?? "", record.status.map { String($0) } ?? "",
            record.ms?.total.map(Self.number) ?? "", reason(record),
        ])
    }

    private func time(_ text: String) -> String {
        table.widths[0] < 24 ? String(text.drop { $0 != "T" }.dropFirst().prefix(table.widths[0])) : text
    }

    private func reason(_ record: LoggedDelivery) -> String {
        var text = record.reason ?? record.url ?? ""
        if record.end == "dead_letter", let code = record.deadLetter, code != record.verdict {
            text = "dead letter (\(code)): \(text)"
        }
        return text
    }

    static func number(_ milliseconds: Double) -> String {
        let tenths = Int((milliseconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
