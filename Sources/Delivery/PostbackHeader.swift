/// The names of the message headers that the worker owns (CONTRACT section 4).
package enum PostbackHeader {
    package static let route = "x-postback-route"
    package static let attempt = "x-postback-attempt"
    package static let firstAttemptAt = "x-postback-first-attempt-at"
    package static let notBefore = "x-postback-not-before"
    package static let parked = "x-postback-parked"
    package static let parkedSince = "x-postback-parked-since"
    package static let lastStatus = "x-postback-last-status"
    package static let lastError = "x-postback-last-error"
    package static let reason = "x-postback-reason"
    package static let url = "x-postback-url"
    package static let template = "x-postback-template"
    package static let failedAt = "x-postback-failed-at"
    package static let history = "x-postback-history"
    /// The id of the replay that brought the delivery back; stays on it through retries and onto its next dead letter.
    package static let replayedFrom = "x-postback-replayed-from"
    /// `original`: to be sent to what `template` says, not to where the routes lead today.
    package static let replayTo = "x-postback-replay-to"
    package static let original = "original"
}
