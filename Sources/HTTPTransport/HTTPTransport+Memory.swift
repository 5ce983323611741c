/// What is known about destinations is forgotten when nobody needs it.
extension HTTPTransport {
    /// How often all of them are looked at, in nanoseconds; more often while they become more.
    private static let tidyInterval: Int64 = 60_000_000_000

    /// Forgets the destinations that nobody outside refers to and whose addresses have expired: those of redirects, and
    /// those that the caller let go. Call it now and then.
    package func forgetIdle() {
        guard origins.count > originsAfterTidying * 2 + 1000 || now - lastTidying >= Self.tidyInterval else { return }
        lastTidying = now
        var kept: [String: Origin] = [:]
        // Each is taken out of the one table on its way into the other, so that a single reference means: nobody else's.
        while let key = origins.keys.first, var origin = origins.removeValue(forKey: key) {
            let isOwn = isKnownUniquelyReferenced(&origin)
            let isIdle = !origin.isResolving && origin.waiting.isEmpty && (origin.isLiteral || origin.expires <= now)
            if !isOwn || !isIdle { kept[key] = origin }
        }
        origins = kept
        originsAfterTidying = kept.count
    }

    /// Destinations that something is known about.
    package var originCount: Int { origins.count }
}
