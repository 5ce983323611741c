internal import CCurl

/// A destination: scheme, host and port, with what is known about it. Confined to the loop's thread.
@safe package final class Origin {
    package let isTLS: Bool
    package let host: String
    package let port: UInt16
    /// The parsed origin, shared by all its transfers: libcurl then parses and prints no URL (PERFORMANCE section 4).
    let url: OpaquePointer
    /// See `RequestHead`.
    let afterTarget: [UInt8]
    let isLiteral: Bool
    let shardHint: Int

    /// Permitted addresses of the last look-up, the one in use first.
    private(set) var pins: [Pin] = []
    private var current = 0
    /// Monotonic nanoseconds until which `pins`, or `failure`, hold.
    private(set) var expires: Int64 = 0
    private(set) var failure: TransferFailure?
    var isResolving = false
    var waiting: [Transfer] = []
    /// Its transfers under way, by multi handle; empty before the first.
    private var loads: [UInt16] = []
    /// The sum of them.
    private(set) var underWay = 0
    private let egress: EgressPolicy
    private let isProxy: Bool

    /// - Parameters:
    ///   - leavesNameToProxy: whether nobody here looks up the name.
    ///   - isProxy: whether it is the proxy itself.
    /// - Throws: `TransferFailure` of kind `invalidURL` when the host is neither a name nor an address in its plain form.
    init(
        isTLS: Bool,
        host: String,
        port: UInt16,
        shardHint: Int,
        egress: EgressPolicy,
        leavesNameToProxy: Bool = false,
        isProxy: Bool = false
    ) throws(TransferFailure) {
        self.isTLS = isTLS
        self.host = host
        self.port = port
        self.shardHint = shardHint
        self.egress = egress
        self.isProxy = isProxy
        afterTarget = RequestHead.afterTarget(host: host, port: port, isTLS: isTLS)
        let literal = IPAddress(host)
        isLiteral = literal != nil
        guard let url = unsafe curl_url() else { throw TransferFailure(.local, "no memory for a URL") }
        unsafe self.url = unsafe url
        if literal == nil, let flaw = HostSpelling.flaw(of: host) {
            // Every property is set by now: deinit frees the URL.
            throw TransferFailure(.invalidURL, flaw)
        }
        let name = host.contains(":") ? "[\(host)]" : host
        let text = "\(isTLS ? "https" : "http")://\(name):\(port)/"
        guard unsafe curl_url_set(url, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK else {
            throw TransferFailure(.invalidURL, "libcurl cannot parse \(text)")
        }
        if let refusal = egress.refusal(ofHost: host, port: port) {
            failure = TransferFailure(.blocked, refusal)
            expires = .max
        } else if let literal {
            expires = .max
            pins = [Pin(literal, host: nil, port: port)]
        } else if leavesNameToProxy {
            expires = .max
            if HostSpelling.isLocal(host) {
                failure = TransferFailure(.blocked, "\(host) is no public name, and the proxy resolves it")
            } else {
                pins = [Pin()]
            }
        }
    }

    deinit {
        unsafe curl_url_cleanup(url)
    }

    /// How many of its transfers are under way in this multi handle.
    func load(of shard: Int) -> Int { shard < loads.count ? Int(loads[shard]) : 0 }

    func entered(_ shard: Int, of count: Int) {
        if loads.isEmpty { loads = Array(repeating: 0, count: count) }
        loads[shard] += 1
        underWay += 1
    }

    func left(_ shard: Int) {
        loads[shard] -= 1
        underWay -= 1
    }

    var pin: Pin? { current < pins.count ? pins[current] : nil }

    func resolved(_ addresses: [IPAddress], until expires: Int64) {
        self.expires = expires
        let permitted = addresses.filter { egress.refusal(of: $0) == nil }
        if permitted.isEmpty {
            pins = []
            let reason = addresses.first.flatMap { egress.refusal(of: $0) } ?? "\(host) has no address"
            failure = TransferFailure(addresses.isEmpty ? .resolve : .blocked, reason)
            return
        }
        failure = nil
        // A connection is reused only for the same pin: keep the one in use if it is still among the answers.
        if let address = pin?.address, let index = permitted.firstIndex(of: address), pins.map(\.address) == permitted {
            current = index
            return
        }
        let old = pins
        let preferred = pin?.address
        pins = permitted.map { address in
            old.first { $0.address == address } ?? makePin(address)
        }
        current = preferred.flatMap { address in pins.firstIndex { $0.address == address } } ?? 0
    }

    private func makePin(_ address: IPAddress) -> Pin {
        isProxy ? Pin(proxy: address, host: host, port: port) : Pin(address, host: host, port: port)
    }

    func failed(_ failure: TransferFailure, until expires: Int64) {
        self.failure = failure
        self.expires = expires
        pins = []
        current = 0
    }

    /// Goes on to the next address after `used` could not be reached.
    func turnAway(from used: Pin) {
        if let pin, pin === used, pins.count > 1 { current = (current + 1) % pins.count }
    }
}
