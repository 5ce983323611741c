internal import CCares
internal import CCurl
internal import CShims
internal import Glibc

package enum HTTPMethod: Sendable, Equatable {
    case get, post, put
}

/// One HTTP request and its answer: the owner of a libcurl easy handle, used again for the next request. The caller
/// fills the request, `HTTPTransport.start` runs it, the completion handler reads the answer. Confined to the loop's
/// thread; libcurl calls back only from inside calls made on it.
@safe package final class Transfer {
    // MARK: The request

    /// The caller's own number for what this request belongs to.
    package var slot = 0
    /// Path and query, beginning with `/`.
    package var target: [UInt8] = []
    package var method = HTTPMethod.get
    package var body: [UInt8] = []
    package var usesHTTP2 = false
    /// Milliseconds.
    package var connectTimeout = 2000
    /// For the whole attempt, redirects and further addresses included.
    package var timeout = 5000
    /// How much of the answer's body is kept; the transport's `keptHead` unless a rule wants more.
    package var keptBytes = 0

    /// Redirects that may still be followed.
    package var redirectsLeft = 0

    // MARK: The answer

    package internal(set) var result = TransferResult.failed(TransferFailure(.local, "not started"))
    /// How many times the request was put on a connection: 0 when it never was, 2 and more when libcurl sent it again
    /// by itself because a kept-alive connection turned out to be dead.
    package internal(set) var sends = 0
    /// Silent re-sends of the hops before a redirect.
    package internal(set) var earlierResends = 0
    package internal(set) var openedConnection = false
    /// Microseconds that the look-up of the name took; nil when its answer was known.
    package internal(set) var lookUp: Int64?
    /// Monotonic nanoseconds.
    var lookUpStartedAt: Int64 = 0
    /// The head of the answer's body.
    package internal(set) var bodyHead: [UInt8] = []
    package internal(set) var bodyCount = 0
    /// Whether `bodyHead` is all of it.
    package var isBodyComplete: Bool {
        if case .answered(_, bodyComplete: true) = result { bodyHead.count == bodyCount } else { false }
    }

    // MARK: Inside the transport

    let easy: UnsafeMutableRawPointer
    /// Where libcurl writes what is special about a failure.
    let errorText: UnsafeMutableBufferPointer<CChar>
    /// Made when it is needed: most requests go without (`RequestHead`).
    lazy var headers = HeaderList()
    /// For a head in one piece; the same for all transfers.
    let silenced: HeaderList
    /// The lines of `setHeaders`, kept for a redirect.
    var lines: [[UInt8]] = []
    /// The line of `setHeader`; empty when there are `lines`, or none.
    var soleLine: [UInt8] = []
    /// Where a head in one piece is put together.
    var head: [UInt8] = []
    /// With the CR and LF before it.
    let userAgentLine: [UInt8]
    let options: TransportOptions
    var origin: Origin?
    var pin: Pin?
    var addressTries = 0
    /// When the attempt's first hop went to libcurl, in monotonic nanoseconds; nil before.
    var begunAt: Int64?
    /// How an address failed that was tried before in the same attempt.
    var earlierFailure: TransferFailure?
    /// Whether libcurl may still hold something against the handle: it is not used again.
    var isSpoilt = false
    /// The multi handle it is in; -1 for none.
    var shard = -1
    /// Its place among the transport's transfers.
    var index = 0
    var refusal: TransferFailure?
    /// What has come of the answer's header lines.
    var headerBytes = 0
    var headerLines = 0
    /// Whether a header line was set that would be more than one on the wire.
    var hasBrokenHeader = false
    /// The answer's headers when its end was told (`conclude(as:)`).
    var toldHeaders: [String: [UInt8]]?
    var applied = Applied()

    /// What the easy handle is set to already; setting an option again costs more than comparing.
    @safe struct Applied {
        var url: OpaquePointer?
        var pin: Pin?
        var proxyPin: Pin?
        var method = HTTPMethod.get
        var hasBody = false
        var http2 = false
        var connectTimeout = -1
        var timeout = -1
        var headers: UnsafeMutablePointer<curl_slist>?
        var isTidying = false
    }

    init(
        _ options: TransportOptions,
        proxy: ForwardProxy?,
        silenced: HeaderList,
        sockets: UnsafeMutableRawPointer,
        onClose: shim_close_callback
    ) throws(TransferFailure) {
        guard let easy = unsafe curl_easy_init() else { throw TransferFailure(.local, "no memory for a transfer") }
        unsafe self.easy = unsafe easy
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0)
        self.options = options
        self.silenced = silenced
        userAgentLine = Array("\r\nUser-Agent: \(options.userAgent)".utf8)
        // Every property is set by now: when this throws, deinit frees the handle.
        unsafe try configure(proxy, sockets, onClose)
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
        unsafe errorText.deallocate()
    }

    /// Sets what never changes (PLUMBING 2.7).
    func configure(
        _ proxy: ForwardProxy?,
        _ sockets: UnsafeMutableRawPointer,
        _ onClose: shim_close_callback
    ) throws(TransferFailure) {
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe try set(CURLOPT_PRIVATE, me)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_PROTOCOLS_STR, text: "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        unsafe try set(CURLOPT_ERRORBUFFER, UnsafeRawPointer(errorText.baseAddress))
        try set(CURLOPT_PROXY, text: proxy?.url ?? "")
        // Otherwise the variable no_proxy could lead around the proxy.
        try set(CURLOPT_NOPROXY, text: "")
        // What is not the proxy's own answer then cannot be taken for it, and it sees no request.
        if proxy != nil { try set(CURLOPT_HTTPPROXYTUNNEL, 1) }
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try configureTLS(hasProxy: proxy != nil)
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_MAXAGE_CONN, 25)
        try set(CURLOPT_DNS_CACHE_TIMEOUT, -1)
        // The least that libcurl takes: each request under way holds one, and answers to postbacks are short.
        try set(CURLOPT_BUFFERSIZE, 1024)
        try set(CURLOPT_TCP_NODELAY, 1)
        unsafe try set(CURLOPT_WRITEDATA, me)
        unsafe try check(
            shim_easy_set_write(easy, Int32(CURLOPT_WRITEFUNCTION.rawValue)) { data, _, count, context in
                guard let data = unsafe data, let context = unsafe context else { return 0 }
                let bytes = unsafe UnsafeRawBufferPointer(start: data, count: count)
                return unsafe Transfer.with(context) { unsafe $0.received(bytes) }
            }
        )
        unsafe try set(CURLOPT_HEADERDATA, me)
        unsafe try check(
            shim_easy_set_write(easy, Int32(CURLOPT_HEADERFUNCTION.rawValue)) { _, _, count, context in
                guard let context = unsafe context else { return 0 }
                return unsafe Transfer.with(context) { $0.receivedHeader(bytes: count) }
            }
        )
        unsafe try set(CURLOPT_PREREQDATA, me)
        unsafe try check(
            shim_easy_set_prereq(easy) { context, remote, _, port, _ in
                guard let context = unsafe context, let remote = unsafe remote else { return CURL_PREREQFUNC_ABORT }
                return unsafe Transfer.with(context) {
                    unsafe $0.isAboutToSend(to: remote, port: UInt16(clamping: port))
                }
            }
        )
        unsafe try set(CURLOPT_OPENSOCKETDATA, me)
        unsafe try check(
            shim_easy_set_open(easy) { context, _, address in
                guard let context = unsafe context, let address = unsafe address else { return -1 }
                let target = unsafe address.assumingMemoryBound(to: curl_sockaddr.self)
                return unsafe Transfer.with(context) { unsafe $0.openSocket(target) }
            }
        )
        unsafe try set(CURLOPT_CLOSESOCKETDATA, sockets)
        unsafe try check(shim_easy_set_close(easy, onClose))
    }

    private func configureTLS(hasProxy: Bool) throws(TransferFailure) {
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_CAINFO, text: options.authorities)
        unsafe try set(CURLOPT_CAPATH, nil)
        try set(CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // libcurl copies each of these for every request: none that is not needed.
        if hasProxy {
            try set(CURLOPT_PROXY_CAINFO, text: options.authorities)
        } else {
            unsafe try set(CURLOPT_PROXY_CAINFO, nil)
        }
        unsafe try set(CURLOPT_PROXY_CAPATH, nil)
        if let certificate = options.certificate { try set(CURLOPT_SSLCERT, text: certificate) }
        if let key = options.key { try set(CURLOPT_SSLKEY, text: key) }
    }

    /// The transfer that libcurl calls back for; it outlives the call, so it is not retained for each.
    private static func with<Result>(_ context: UnsafeMutableRawPointer, _ body: (Transfer) -> Result) -> Result {
        unsafe Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef(body)
    }

    // MARK: Reading the end; whether and how is in `Transfer+Conclusion`

    /// The value of an answer's header, the last one of that name; nil when there was none.
    package func header(_ name: String) -> [UInt8]? {
        if let toldHeaders { return toldHeaders[name] }
        guard let first = unsafe header(name, at: 0) else { return nil }
        let last = unsafe first.pointee.amount > 1 ? header(name, at: first.pointee.amount - 1) ?? first : first
        guard let value = unsafe last.pointee.value else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
    }

    private func header(_ name: String, at index: Int) -> UnsafeMutablePointer<curl_header>? {
        var header: UnsafeMutablePointer<curl_header>?
        let code = unsafe curl_easy_header(easy, name, index, UInt32(CURLH_HEADER), -1, &header)
        return unsafe code == CURLHE_OK ? header : nil
    }

    /// Scheme, host and port of where the request went last, redirects included.
    package var destination: String? {
        guard let origin else { return nil }
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        let port = origin.port == (origin.isTLS ? 443 : 80) ? "" : ":\(origin.port)"
        return "\(origin.isTLS ? "https" : "http")://\(host)\(port)"
    }

    /// The address that answered, or was tried.
    package var peer: String? { (pin?.address).map { "\($0)" } }

    /// The same as bytes that were made before; empty when there is none.
    package var peerBytes: [UInt8] { pin?.bytes ?? [] }
}
