internal import CCurl

/// A URL taken apart by libcurl, which will be the one to follow it.
struct URLParts {
    let scheme: String
    /// Lower case, IPv6 without brackets.
    let host: String
    let port: UInt16
    /// Path and query.
    let target: String

    /// Where an answer's `Location` leads, seen from `base` (RFC 3986 section 5).
    init(_ location: String, from base: String) throws(TransferFailure) {
        // Set one after the other, libcurl resolves the second against the first.
        try self.init(
            [(base, 0), (location, UInt32(CURLU_DISALLOW_USER))],
            schemes: ["http", "https"],
            defaultPort: nil,
            TransferFailure(.invalidURL, "the redirect leads to no http or https URL")
        )
    }

    /// libcurl takes 1080 where a proxy's URL names no port.
    init(proxy text: String) throws(TransferFailure) {
        try self.init(
            [(text, UInt32(CURLU_NON_SUPPORT_SCHEME))],
            schemes: ["http", "https", "socks5", "socks5h"],
            defaultPort: 1080,
            TransferFailure(.local, "egress.proxy is no URL of a proxy")
        )
    }

    private init(
        _ texts: [(String, UInt32)],
        schemes: [String],
        defaultPort: UInt16?,
        _ invalid: TransferFailure
    ) throws(TransferFailure) {
        guard let url = unsafe curl_url() else { throw TransferFailure(.local, "no memory for a URL") }
        defer { unsafe curl_url_cleanup(url) }
        for (text, flags) in texts {
            guard unsafe curl_url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK else { throw invalid }
        }
        guard let scheme = unsafe Self.part(url, CURLUPART_SCHEME), schemes.contains(scheme),
            let host = unsafe Self.part(url, CURLUPART_HOST), let path = unsafe Self.part(url, CURLUPART_PATH)
        else { throw invalid }
        let written = unsafe Self.part(
            url,
            CURLUPART_PORT,
            defaultPort == nil || scheme == "https" ? UInt32(CURLU_DEFAULT_PORT) : 0
        )
        guard let port = written.map({ UInt16($0) }) ?? defaultPort, port > 0 else { throw invalid }
        self.scheme = scheme
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host.lowercased()
        self.port = port
        target = unsafe path + (Self.part(url, CURLUPART_QUERY).map { "?\($0)" } ?? "")
    }

    private static func part(_ url: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(url, part, &text, flags) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
