/// How log lines look: the values of the key `log.format`.
package enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object per line, for machines.
    case json
    /// `12:03:04.123 warning lane-0 message key=value`, for people.
    case text
}
