internal import Conversion
package import Delivery
internal import Foundation

/// A pause record as it stands in the stream and in a notice (`schemas/notice.schema.json`). Foundation reads and writes
/// it: there are few of them, and none on the hot path.
extension PauseRecord {
    private struct Form: Codable {
        var kind: String
        var route: String?
        var at: String
        var since: String?
        var failures: Int?
        var last_status: Int?
        var last_error: String?
        var reason: String?
        var by: String?
        var replica: String?
    }

    package var json: [UInt8] {
        let form = Form(
            kind: kind.rawValue,
            route: route.isEmpty ? nil : route,
            at: Timestamp.text(at),
            since: since.map { Timestamp.text($0) },
            failures: failures,
            last_status: lastStatus,
            last_error: lastError.map { String($0.prefix(1000)) },
            reason: reason,
            by: by,
            replica: replica
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(form)).map { Array($0) } ?? []
    }

    /// nil for what is no such record: someone else wrote to the stream, or a later version of this program.
    package init?(json: [UInt8]) {
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(json)), let kind = Kind(rawValue: form.kind),
            let at = Self.time(form.at)
        else { return nil }
        self.init(kind, route: form.route ?? "", at: at)
        since = form.since.flatMap { Self.time($0) }
        failures = form.failures
        lastStatus = form.last_status
        lastError = form.last_error
        reason = form.reason
        by = form.by
        replica = form.replica
    }

    private static func time(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return try? RFC3339.milliseconds(bytes.span)
    }
}
