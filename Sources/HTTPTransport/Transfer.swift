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
    package internal(set) var openedConnection = false
    /// The head of the answer's body.
    package internal(set) var bodyHead: [UInt8] = []
    package internal(set) var bodyCount = 0
    /// Whether `bodyHead` is all of it.
    package var isBodyComplete: Bool {
        if case .answered(_, bodyComplete: true) = result { bodyHead.count == bodyCount } else { false }
    }

    // MARK: Inside the transport

    let easy: UnsafeMutableRawPointer
    private let headers = HeaderList()
    /// The lines of `setHeaders`, kept for a redirect.
    private var lines: [[UInt8]] = []
    /// With the CR and LF before it.
    private let userAgentLine: [UInt8]
    private let options: TransportOptions
    var origin: Origin?
    var pin: Pin?
    var addressTries = 0
    /// The multi handle it is in; -1 for none.
    var shard = -1
    /// Its place among the transport's transfers.
    var index = 0
    var refusal: TransferFailure?
    private var applied = Applied()

    /// What the easy handle is set to already; setting an option again costs more than comparing.
    @safe private struct Applied {
        var url: OpaquePointer?
        var pin: Pin?
        var method = HTTPMethod.get
        var hasBody = false
        var http2 = false
        var connectTimeout = -1
        var timeout = -1
        var headers: UnsafeMutablePointer<curl_slist>?
    }

    init(_ options: TransportOptions, sockets: UnsafeMutableRawPointer, onClose: shim_close_callback) throws(TransferFailure) {
        guard let easy = unsafe curl_easy_init() else { throw TransferFailure(.local, "no memory for a transfer") }
        unsafe self.easy = unsafe easy
        self.options = options
        userAgentLine = Array("\r\nUser-Agent: \(options.userAgent)".utf8)
        // Every property is set by now: when this throws, deinit frees the handle.
        unsafe try configure(sockets, onClose)
    }

    deinit {
        unsafe curl_easy_cleanup(easy)
    }

    /// Sets what never changes (PLUMBING 2.7).
    private func configure(_ sockets: UnsafeMutableRawPointer, _ onClose: shim_close_callback) throws(TransferFailure) {
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe try set(CURLOPT_PRIVATE, me)
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_PROTOCOLS_STR, text: "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_PROXY, text: options.proxy)
        try set(CURLOPT_CAINFO, text: options.authorities)
        unsafe try set(CURLOPT_CAPATH, nil)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try set(CURLOPT_MAXAGE_CONN, 25)
        try set(CURLOPT_BUFFERSIZE, 4096)
        try set(CURLOPT_TCP_NODELAY, 1)
        unsafe try set(CURLOPT_WRITEDATA, me)
        unsafe try check(shim_easy_set_write(easy, Int32(CURLOPT_WRITEFUNCTION.rawValue)) { data, _, count, context in
            guard let data = unsafe data, let context = unsafe context else { return 0 }
            return unsafe Transfer.from(context).received(UnsafeRawBufferPointer(start: data, count: count))
        })
        unsafe try set(CURLOPT_PREREQDATA, me)
        unsafe try check(shim_easy_set_prereq(easy) { context, remote, _, port, _ in
            guard let context = unsafe context, let remote = unsafe remote else { return CURL_PREREQFUNC_ABORT }
            return unsafe Transfer.from(context).isAboutToSend(to: remote, port: UInt16(clamping: port))
        })
        unsafe try set(CURLOPT_OPENSOCKETDATA, me)
        unsafe try check(shim_easy_set_open(easy) { context, _, address in
            guard let context = unsafe context, let address = unsafe address else { return -1 }
            return unsafe Transfer.from(context).openSocket(address.assumingMemoryBound(to: curl_sockaddr.self))
        })
        unsafe try set(CURLOPT_CLOSESOCKETDATA, sockets)
        unsafe try check(shim_easy_set_close(easy, onClose))
    }

    private static func from(_ context: UnsafeMutableRawPointer) -> Transfer {
        unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    // MARK: Options

    private func check(_ code: Int32) throws(TransferFailure) {
        if code != 0 {
            throw unsafe TransferFailure(.local, String(cString: curl_easy_strerror(CURLcode(UInt32(bitPattern: code)))))
        }
    }

    private func set(_ option: CURLoption, _ value: Int) throws(TransferFailure) {
        unsafe try check(shim_easy_set_long(easy, Int32(option.rawValue), value))
    }

    private func set(_ option: CURLoption, _ value: UnsafeRawPointer?) throws(TransferFailure) {
        unsafe try check(shim_easy_set_pointer(easy, Int32(option.rawValue), value))
    }

    private func set(_ option: CURLoption, text: String) throws(TransferFailure) {
        unsafe try check(text.withCString { unsafe shim_easy_set_pointer(easy, Int32(option.rawValue), $0) })
    }

    /// Sets the request headers; each line is `Name: value` and was checked for CR, LF and NUL. `User-Agent` is added
    /// unless one of them is.
    package func setHeaders(_ lines: [[UInt8]]) {
        self.lines = lines
        headers.begin(lines: lines.count + 1, bytes: lines.reduce(userAgentLine.count) { $0 + $1.count })
        for line in lines { headers.append(line) }
        if !lines.contains(where: Self.isUserAgent) { headers.append(Array(userAgentLine.dropFirst(2))) }
    }

    /// Sets one header beside `User-Agent`; the usual case costs no allocation.
    package func setHeader(_ line: [UInt8]) {
        if !lines.isEmpty { lines = [] }
        headers.begin(lines: 1, bytes: line.count + userAgentLine.count)
        headers.append(line, fixed: userAgentLine)
    }

    private static func isUserAgent(_ line: [UInt8]) -> Bool { line.isHeader("user-agent:") }

    /// Forgets what must not go to another host: `Authorization` and cookies.
    func dropCredentials() {
        lines.removeAll { $0.isHeader("authorization:") || $0.isHeader("cookie:") }
        if !lines.isEmpty { setHeaders(lines) }
    }

    /// Brings the handle to this request.
    func prepare(_ origin: Origin, _ pin: Pin) throws(TransferFailure) {
        result = .failed(TransferFailure(.local, "still under way"))
        sends = 0
        openedConnection = false
        bodyHead.removeAll(keepingCapacity: true)
        bodyCount = 0
        refusal = nil
        self.pin = pin
        if unsafe applied.url != origin.url {
            unsafe try set(CURLOPT_CURLU, UnsafeRawPointer(origin.url))
            unsafe applied.url = unsafe origin.url
        }
        if applied.pin !== pin {
            unsafe try set(CURLOPT_CONNECT_TO, UnsafeRawPointer(pin.list))
            applied.pin = pin
        }
        target.append(0)
        let code = unsafe target.withUnsafeBytes {
            unsafe shim_easy_set_pointer(easy, Int32(CURLOPT_REQUEST_TARGET.rawValue), $0.baseAddress)
        }
        target.removeLast()
        try check(code)
        if unsafe applied.headers != headers.head {
            unsafe try set(CURLOPT_HTTPHEADER, UnsafeRawPointer(headers.head))
            unsafe applied.headers = unsafe headers.head
        }
        if applied.connectTimeout != connectTimeout {
            try set(CURLOPT_CONNECTTIMEOUT_MS, connectTimeout)
            applied.connectTimeout = connectTimeout
        }
        if applied.timeout != timeout {
            try set(CURLOPT_TIMEOUT_MS, timeout)
            applied.timeout = timeout
        }
        if applied.http2 != usesHTTP2 {
            try set(CURLOPT_HTTP_VERSION, Int(usesHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
            try set(CURLOPT_PIPEWAIT, usesHTTP2 ? 1 : 0)
            applied.http2 = usesHTTP2
        }
        if method != .get || applied.method != .get { try prepareBody() }
    }

    private func prepareBody() throws(TransferFailure) {
        if method == .get {
            unsafe try set(CURLOPT_CUSTOMREQUEST, nil)
            try set(CURLOPT_HTTPGET, 1)
        } else {
            // The size first: libcurl then copies that many bytes.
            try set(CURLOPT_POSTFIELDSIZE, body.count)
            let code = unsafe body.withUnsafeBytes {
                unsafe shim_easy_set_pointer(easy, Int32(CURLOPT_COPYPOSTFIELDS.rawValue), $0.baseAddress)
            }
            try check(code)
            if body.isEmpty { try set(CURLOPT_POST, 1) }
            if method == .put {
                try set(CURLOPT_CUSTOMREQUEST, text: "PUT")
            } else {
                unsafe try set(CURLOPT_CUSTOMREQUEST, nil)
            }
        }
        applied.method = method
    }

    // MARK: Callbacks

    private func received(_ data: UnsafeRawBufferPointer) -> Int {
        bodyCount += data.count
        let room = max(keptBytes, options.keptHead) - bodyHead.count
        if room > 0 { unsafe bodyHead.append(contentsOf: data.prefix(room)) }
        // A short count makes libcurl end the transfer and close the connection.
        return bodyCount > options.maxResponse ? 0 : data.count
    }

    /// Once for each time the request goes out, on new and reused connections.
    private func isAboutToSend(to remote: UnsafePointer<CChar>, port: UInt16) -> Int32 {
        sends += 1
        if let pin, unsafe pin.isSpelled(remote) { return CURL_PREREQFUNC_OK }
        if !options.proxy.isEmpty { return CURL_PREREQFUNC_OK }
        let text = unsafe String(cString: remote)
        guard let address = IPAddress(text) else {
            refusal = TransferFailure(.blocked, "\(text) is no address")
            return CURL_PREREQFUNC_ABORT
        }
        if let reason = options.egress.refusal(of: address, port: port) {
            refusal = TransferFailure(.blocked, reason)
            sends -= 1
            return CURL_PREREQFUNC_ABORT
        }
        return CURL_PREREQFUNC_OK
    }

    /// Once for each connection: the last word on what is dialled.
    private func openSocket(_ target: UnsafeMutablePointer<curl_sockaddr>) -> Int32 {
        let family = unsafe target.pointee.family
        let address = unsafe withUnsafePointer(to: &target.pointee.addr) { unsafe IPAddress(family: family, $0) }
        guard let address else {
            refusal = TransferFailure(.blocked, "neither IPv4 nor IPv6")
            return -1
        }
        if options.proxy.isEmpty, let reason = options.egress.refusal(of: address) {
            refusal = TransferFailure(.blocked, reason)
            return -1
        }
        openedConnection = true
        let descriptor = unsafe shim_socket(family, target.pointee.socktype, target.pointee.protocol)
        if descriptor < 0 {
            refusal = TransferFailure(.local, unsafe "socket: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    // MARK: Reading the end

    /// Turns libcurl's code into facts. Only between completion and the next request.
    func conclude(_ code: CURLcode) {
        var status = 0
        unsafe shim_easy_get_long(easy, Int32(CURLINFO_RESPONSE_CODE.rawValue), &status)
        if let refusal {
            result = .failed(refusal)
        } else if code == CURLE_OK {
            result = .answered(status: status, bodyComplete: true)
        } else if status >= 200 {
            // The destination has decided; what was lost is only the rest of what it said about it.
            result = .answered(status: status, bodyComplete: false)
        } else {
            result = .failed(TransferFailure(code, sent: sends > 0))
        }
    }

    /// The value of an answer's header, the last one of that name; nil when there was none.
    package func header(_ name: String) -> [UInt8]? {
        var header: UnsafeMutablePointer<curl_header>?
        guard unsafe curl_easy_header(easy, name, 0, UInt32(CURLH_HEADER), -1, &header) == CURLHE_OK,
            let value = unsafe header?.pointee.value
        else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
    }

    /// Scheme, host and port of where the request went last, redirects included.
    package var destination: String? {
        guard let origin else { return nil }
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        let port = origin.port == (origin.isTLS ? 443 : 80) ? "" : ":\(origin.port)"
        return "\(origin.isTLS ? "https" : "http")://\(host)\(port)"
    }

    /// The address that answered, or was tried.
    package var peer: String? { pin.map { "\($0.address)" } }
}

extension [UInt8] {
    /// Whether a header line has this name; `name` in lower case, with its colon.
    fileprivate func isHeader(_ name: StaticString) -> Bool {
        count >= name.utf8CodeUnitCount
            && zip(self, name.description.utf8).allSatisfy { ($0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0) == $1 }
    }
}

extension Transfer {
    /// Where a 3xx answer points, made absolute by libcurl; nil when nowhere.
    var redirectURL: String? {
        var text: UnsafeMutableRawPointer?
        unsafe shim_easy_get_pointer(easy, Int32(CURLINFO_REDIRECT_URL.rawValue), &text)
        return unsafe text.map { unsafe String(cString: $0.assumingMemoryBound(to: CChar.self)) }
    }
}
