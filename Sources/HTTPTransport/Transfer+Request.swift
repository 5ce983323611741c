internal import CCurl
internal import CShims

/// Bringing an easy handle to its next request: only what differs from the last one is set.
extension Transfer {
    func check(_ code: Int32) throws(TransferFailure) {
        if code != 0 {
            throw unsafe TransferFailure(
                .local,
                String(cString: curl_easy_strerror(CURLcode(UInt32(bitPattern: code))))
            )
        }
    }

    func set(_ option: CURLoption, _ value: Int) throws(TransferFailure) {
        unsafe try check(shim_easy_set_long(easy, Int32(option.rawValue), value))
    }

    func set(_ option: CURLoption, _ value: UnsafeRawPointer?) throws(TransferFailure) {
        unsafe try check(shim_easy_set_pointer(easy, Int32(option.rawValue), value))
    }

    func set(_ option: CURLoption, text: String) throws(TransferFailure) {
        unsafe try check(text.withCString { unsafe shim_easy_set_pointer(easy, Int32(option.rawValue), $0) })
    }

    /// What libcurl sent again in an earlier hop still counts.
    func forgetAnswer() {
        earlierResends += max(0, sends - 1)
        sends = 0
        openedConnection = false
        bodyHead.removeAll(keepingCapacity: true)
        bodyCount = 0
        headerBytes = 0
        headerLines = 0
    }

    /// The last wall before the wire: whatever is wrong in what the caller rendered, it is one request or none.
    private func checkRequest() throws(TransferFailure) {
        guard target.first == UInt8(ascii: "/"), WordScan.isTarget(target) else {
            throw TransferFailure(.invalidURL, "the path and query hold a character that no request line may")
        }
        if hasBrokenHeader { throw TransferFailure(.invalidURL, "a header holds a line end or NUL") }
    }

    /// Brings the handle to this request.
    ///
    /// - Parameters:
    ///   - proxyPin: the way to the proxy, when that has a name.
    ///   - timeout: milliseconds that the attempt has left.
    func prepare(_ origin: Origin, _ pin: Pin, proxyPin: Pin?, timeout: Int) throws(TransferFailure) {
        try checkRequest()
        result = .failed(TransferFailure(.local, "still under way"))
        forgetAnswer()
        refusal = nil
        unsafe errorText[0] = 0
        self.pin = pin
        if unsafe applied.url != origin.url {
            unsafe try set(CURLOPT_CURLU, UnsafeRawPointer(origin.url))
            unsafe applied.url = unsafe origin.url
        }
        if applied.pin !== pin {
            unsafe try set(CURLOPT_CONNECT_TO, UnsafeRawPointer(pin.list))
            applied.pin = pin
        }
        if applied.proxyPin !== proxyPin {
            unsafe try set(CURLOPT_RESOLVE, UnsafeRawPointer(proxyPin?.list))
            applied.proxyPin = proxyPin
        }
        try setHead(origin)
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

    /// Whether this transfer has libcurl forget the addresses in its handle that are a minute old. Left alone it looks
    /// through them after every request; they are written out in full, so an old one is never a wrong one.
    func setTidying(_ tidies: Bool) throws(TransferFailure) {
        if applied.isTidying == tidies { return }
        try set(CURLOPT_DNS_CACHE_TIMEOUT, tidies ? 60 : -1)
        applied.isTidying = tidies
    }

    func prepareBody() throws(TransferFailure) {
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
}
