import ArgumentParser
import Conversion
import Documents
import Foundation

/// A point in time on the command line: `--since 2h` (that long ago), `--since 2026-11-26`, or RFC 3339.
struct TimeBound: ExpressibleByArgument {
    /// Since the Unix epoch.
    let milliseconds: Int64

    static let help =
        "how long ago (30s, 15m, 2h, 7d), a day (2026-11-26, from 00:00 UTC) or a time (2026-11-26T12:00:00Z)"

    init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    init?(argument: String) {
        self.init(argument, now: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// - Parameter now: milliseconds since the Unix epoch.
    init?(_ text: String, now: Int64) {
        if let ago = Milliseconds(parsing: text) {
            milliseconds = now - ago.value
            return
        }
        let whole = text.utf8.count == 10 ? text + "T00:00:00Z" : text
        guard let time = try? RFC3339.milliseconds(Array(whole.utf8).span) else { return nil }
        milliseconds = time
    }
}
