import Documents

/// The keys a routes file may use, and what to say about the others.
enum RouteKeys {
    static let document = ["publishers", "mode"]
    static let publisher = ["global", "offers", "smartlinks", "mode"]
    static let postback = [
        "url", "name", "enabled", "suppress", "method", "headers", "body", "content_type", "timeout",
    ]
    /// Promised by the contract, not built into this version: refused, so that nobody relies on them.
    static let notYet: Set<String> = [
        "tracker", "domain", "path", "when", "sample", "payout_share", "delay", "max_age", "retry", "success",
        "duplicate", "redirects", "http2", "sign", "syntax",
    ]

    /// Other words for a key, where the edit distance does not lead there.
    private static let otherWords = [
        "link": "url", "uri": "url", "postback": "url", "endpoint": "url", "address": "url", "active": "enabled",
        "disabled": "enabled", "disable": "enabled", "on": "enabled", "off": "enabled", "data": "body",
        "payload": "body", "contenttype": "content_type", "content-type": "content_type", "verb": "method",
        "mute": "suppress", "silent": "suppress", "id": "name", "default": "global", "all": "global",
        "affiliates": "publishers", "partners": "publishers", "routes": "publishers", "campaigns": "offers",
    ]

    /// Message and hint for a key that is not allowed where it stands.
    static func refusal(of key: String, allowed: [String]) -> (message: String, hint: String) {
        if notYet.contains(key), allowed == postback {
            return (
                "this version does not support \"\(key)\" yet", "supported here: \(allowed.joined(separator: ", "))"
            )
        }
        if allowed == publisher, postback.contains(key) || notYet.contains(key) {
            return ("\"\(key)\" belongs to a postback, not to a publisher", "put it under global, offers or smartlinks")
        }
        let closest = otherWords[key.lowercased()].flatMap { allowed.contains($0) ? $0 : nil }
        if let meant = closest ?? Suggestion.closest(to: key, among: allowed) {
            return ("there is no key \"\(key)\" here", "probably \(meant)")
        }
        return ("there is no key \"\(key)\" here", "allowed: \(allowed.joined(separator: ", "))")
    }
}
