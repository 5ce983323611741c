/// Bounds and surroundings of all transfers of one transport. Times are in milliseconds, sizes in bytes.
package struct TransportOptions: Sendable {
    package var egress: EgressPolicy
    /// Transfers under way at most; it sizes the connection caches and the number of multi handles.
    package var concurrency: Int
    /// Connections that may be kept beside those that `concurrency` is reckoned with, where there are many destinations.
    package var spareConnections = 0
    /// What is read of an answer's body at most, and how much of that is kept.
    package var maxResponse: Int
    package var keptHead: Int
    package var userAgent: String
    /// A PEM bundle. libcurl parses it once per multi handle, but only while no CA *path* is set (PLUMBING 2.1).
    package var authorities: String
    /// The client's own certificate and its key, PEM files; shown to every server that asks for one.
    package var certificate: String?
    package var key: String?
    /// An explicit proxy; empty for none. Environment variables are never looked at.
    package var proxy: String
    /// Whether names are left to the proxy: then only its port and addresses in URLs are vetted here.
    package var resolvesAtProxy: Bool
    /// `address:port` of name servers in place of the system's.
    package var nameServers: [String]
    /// Where the system's stand.
    package var resolverFile = "/etc/resolv.conf"
    /// Where name servers listen of which no port is known.
    var nameServerPort: UInt16 = 53
    /// Whether a plain GET's head goes to the wire in one piece.
    var sendsHeadInOnePiece = RequestHead.isProven

    /// What is read of an answer's header lines at most, interim answers included: libcurl keeps them all.
    static let maxHeaderBytes = 64 << 10
    static let maxHeaderLines = 256

    package init(
        egress: EgressPolicy = EgressPolicy(),
        concurrency: Int = 500,
        maxResponse: Int = 64 << 10,
        keptHead: Int = 2048,
        userAgent: String = "postback",
        authorities: String = "/etc/ssl/certs/ca-certificates.crt",
        certificate: String? = nil,
        key: String? = nil,
        proxy: String = "",
        resolvesAtProxy: Bool = false,
        nameServers: [String] = []
    ) {
        self.egress = egress
        self.concurrency = concurrency
        self.maxResponse = maxResponse
        self.keptHead = keptHead
        self.userAgent = userAgent
        self.authorities = authorities
        self.certificate = certificate
        self.key = key
        self.proxy = proxy
        self.resolvesAtProxy = resolvesAtProxy
        self.nameServers = nameServers
    }
}
