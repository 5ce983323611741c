import Documents

/// The keys a routes file may use, and what to say about the others.
enum RouteKeys {
    static let document = ["publishers", "mode"]
    static let publisher = ["global", "offers", "smartlinks", "mode", "syntax"]
    /// Of a postback beside the URL, whether the publisher wrote it or a tracker made it.
    static let beside = [
        "name", "enabled", "suppress", "method", "headers", "body", "content_type", "when", "sample", "payout_share",
        "delay", "max_age", "timeout", "retry", "success", "duplicate", "redirects", "http2", "sign", "syntax",
    ]
    static let postback = ["url", "tracker"] + beside
    static let when = ["types", "statuses", "countries", "min_payout", "max_payout"]
    static let retry = ["attempts", "first_delay", "factor", "max_delay", "jitter", "max_age"]
    static let answer = ["status", "body_contains", "body_lacks", "json"]
    static let json = ["pointer", "equals", "differs"]
    static let sign = ["scheme", "secret", "parameter"]

    /// Other words for a key, where the edit distance does not lead there.
    private static let otherWords = [
        "link": "url", "uri": "url", "postback": "url", "endpoint": "url", "address": "url", "active": "enabled",
        "disabled": "enabled", "disable": "enabled", "on": "enabled", "off": "enabled", "data": "body",
        "payload": "body", "contenttype": "content_type", "content-type": "content_type", "verb": "method",
        "goals": "types", "events": "types", "type": "types", "status": "statuses", "geo": "countries",
        "country": "countries", "geos": "countries", "min": "min_payout", "max": "max_payout", "template": "tracker",
        "conditions": "when", "filter": "when", "percent": "sample", "share": "payout_share", "http_2": "http2",
        "contains": "body_contains", "lacks": "body_lacks", "codes": "status", "value": "equals", "key": "secret",
        "algorithm": "scheme", "macros": "syntax", "retries": "attempts", "max_attempts": "attempts",
        "signature": "sign", "follow_redirects": "redirects", "expires": "max_age", "mute": "suppress",
        "silent": "suppress", "id": "name", "default": "global", "all": "global", "affiliates": "publishers",
        "partners": "publishers", "routes": "publishers", "campaigns": "offers",
    ]

    /// Message and hint for a key that is not allowed where it stands.
    static func refusal(of key: String, allowed: [String]) -> (message: String, hint: String) {
        if allowed == publisher, postback.contains(key) {
            return ("\"\(key)\" belongs to a postback, not to a publisher", "put it under global, offers or smartlinks")
        }
        if allowed == postback, TrackerCatalogue.builtIn.keys.contains(key) {
            return ("\"\(key)\" belongs to a tracker, and this postback names none", "add tracker: and its name")
        }
        let closest = otherWords[key.lowercased()].flatMap { allowed.contains($0) ? $0 : nil }
        if let meant = closest ?? Suggestion.closest(to: key, among: allowed) {
            return ("there is no key \"\(key)\" here", "probably \(meant)")
        }
        return ("there is no key \"\(key)\" here", "allowed: \(allowed.joined(separator: ", "))")
    }
}
