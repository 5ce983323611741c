/// What is known of one lane. Times are nanoseconds of the timeline.
struct LaneWatch {
    /// Requests whose end it was not told of.
    var underWay: [(key: Oracle.Key, since: Int64)] = []
    /// Those of them that there were when its connection broke, with their message then.
    var orphans: [Oracle.Key: (message: Int, since: Int64)] = [:]
    /// Messages that came over the connection that there is.
    var taken: Set<Int> = []
    /// Until when a host does not want to be called.
    var shutUntil: [String: Int64] = [:]
    private var lastHeard: Int64?
    /// The last time that it heard of somebody after a long silence.
    private var lastReturn: Int64 = .min

    /// A shorter silence is none.
    private static let silence: Int64 = .milliseconds(1500)

    mutating func heard(at now: Int64) {
        if let lastHeard, now - lastHeard >= Self.silence { lastReturn = now }
        lastHeard = now
    }

    /// Whether an attempt that ended in silence may be blamed on the lane's own network: nobody was heard of for a while,
    /// or had not been when it began.
    func mayBeOurs(startedAt: Int64, now: Int64) -> Bool {
        guard let lastHeard else { return false }
        return now - lastHeard >= Self.silence || startedAt <= lastReturn
    }
}
