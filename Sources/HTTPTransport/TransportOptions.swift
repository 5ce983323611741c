/// Bounds and surroundings of all transfers of one transport. Times are in milliseconds, sizes in bytes.
package struct TransportOptions: Sendable {
    package var egress: EgressPolicy
    /// Transfers under way at most; it sizes the connection caches and the number of multi handles.
    package var concurrency: Int
    /// What is read of an answer's body at most, and how much of that is kept.
    package var maxResponse: Int
    package var keptHead: Int
    package var userAgent: String
    /// A PEM bundle. libcurl parses it once per multi handle, but only while no CA *path* is set (PLUMBING 2.1).
    package var authorities: String
    /// An explicit proxy; empty for none. Environment variables are never looked at.
    package var proxy: String
    /// `address:port` of name servers in place of the system's; for tests.
    package var nameServers: [String]

    package init(
        egress: EgressPolicy = EgressPolicy(),
        concurrency: Int = 500,
        maxResponse: Int = 64 << 10,
        keptHead: Int = 2048,
        userAgent: String = "postback",
        authorities: String = "/etc/ssl/certs/ca-certificates.crt",
        proxy: String = "",
        nameServers: [String] = []
    ) {
        self.egress = egress
        self.concurrency = concurrency
        self.maxResponse = maxResponse
        self.keptHead = keptHead
        self.userAgent = userAgent
        self.authorities = authorities
        self.proxy = proxy
        self.nameServers = nameServers
    }
}
