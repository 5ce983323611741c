import Documents

/// Where the fields of a postback come from, kept for `explain`: only what cannot be told from the values themselves.
struct PostbackOrigin: Sendable, Hashable {
    /// The tracker that made the URL, by its name; nil when the publisher wrote a `url`.
    var tracker: String?
    var written: Written = []

    /// Fields that stand in the routes file although what they say may be the usual, or may come from the tracker.
    struct Written: OptionSet, Sendable, Hashable {
        let rawValue: UInt8

        static let method = Written(rawValue: 1)
        static let redirects = Written(rawValue: 2)
        static let http2 = Written(rawValue: 4)
        static let success = Written(rawValue: 8)
        static let duplicate = Written(rawValue: 16)

        static let keys: [String: Written] = [
            "method": .method, "redirects": .redirects, "http2": .http2, "success": .success, "duplicate": .duplicate,
        ]
    }
}

extension RouteReader {
    /// Notes where the fields of a postback come from.
    func origin(of source: PostbackSource, trackerName: String?) -> PostbackOrigin {
        var origin = PostbackOrigin()
        if source.isTracker, let trackerName {
            origin.tracker = trackers.plan(named: trackerName)?.tracker.name ?? trackerName
        }
        for field in source.fields { origin.written.formUnion(PostbackOrigin.Written.keys[field.key] ?? []) }
        return origin
    }
}
