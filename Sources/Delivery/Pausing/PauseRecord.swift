/// One thing that happened to a route, as it stands in the stream `postback.pauses`; pauses and resumptions go out as
/// notices too. Times in milliseconds since the Unix epoch.
package struct PauseRecord: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// It has failed so many times in a row, since `since`.
        case failing = "route_failing"
        /// It was delivered to again.
        case recovered = "route_recovered"
        case paused = "route_paused"
        case resumed = "route_resumed"
        /// A worker began to read; no route.
        case started = "worker_started"
        /// What is in force was written again in the records before this one; no route.
        case snapshot
    }

    package var kind: Kind
    /// The route key; empty where there is none.
    package var route: String
    package var at: Int64
    /// Of the first failure in the row.
    package var since: Int64?
    package var failures: Int?
    package var lastStatus: Int?
    package var lastError: String?
    package var reason: String?
    /// A person, `user@host`; nil when a worker decided.
    package var by: String?
    package var replica: String?

    package init(_ kind: Kind, route: String = "", at: Int64) {
        self.kind = kind
        self.route = route
        self.at = at
    }
}
