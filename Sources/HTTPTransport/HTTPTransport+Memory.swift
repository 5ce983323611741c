/// What is known about destinations is forgotten when nobody needs it.
extension HTTPTransport {
    /// How often all of them are looked at, in nanoseconds; more often while they become more.
    private static let tidyInterval: Int64 = 60_000_000_000
    /// More than this many are only kept as long as somebody refers to them: a name is looked up again sooner than its
    /// answer expires.
    static let mostOrigins = 10_000

    /// Forgets the destinations that nobody outside refers to and whose addresses have expired: those of redirects, and
    /// those that the caller let go. Call it now and then.
    package func forgetIdle() {
        guard origins.count > originsAfterTidying * 2 + 1000 || now - lastTidying >= Self.tidyInterval else { return }
        lastTidying = now
        let isCrowded = origins.count > Self.mostOrigins
        // Out of the one table, so that a single reference means: nobody else's.
        var entries = Array(origins)
        origins = [:]
        for index in entries.indices {
            let isOwn = isKnownUniquelyReferenced(&entries[index].value)
            let (key, origin) = entries[index]
            let isOver = origin.isLiteral || origin.expires <= now || isCrowded
            let isIdle = !origin.isResolving && origin.waiting.isEmpty && isOver
            if !isOwn || !isIdle { origins[key] = origin }
        }
        originsAfterTidying = origins.count
        keepConnections()
    }

    /// Destinations that something is known about.
    package var originCount: Int { origins.count }
}
