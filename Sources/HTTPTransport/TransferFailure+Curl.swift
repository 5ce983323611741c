internal import CCurl

extension TransferFailure {
    /// - Parameter sent: whether the request was put on a connection.
    init(_ code: CURLcode, sent: Bool) {
        let kind: Kind
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            kind = .resolve
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            kind = .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS:
            kind = .tls
        case CURLE_OPERATION_TIMEDOUT:
            kind = .timeout
        case CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND:
            kind = .send
        case CURLE_URL_MALFORMAT:
            kind = .invalidURL
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
            kind = .local
        default:
            kind = sent ? .receive : .connect
        }
        self.init(kind, unsafe "\(String(cString: curl_easy_strerror(code))) (libcurl \(code.rawValue))")
    }
}
