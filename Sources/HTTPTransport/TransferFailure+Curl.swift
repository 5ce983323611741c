internal import CCurl

extension TransferFailure.Kind {
    /// - Parameter sent: whether the request was put on a connection.
    init(_ code: CURLcode, sent: Bool) {
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
            self = .resolve
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            self = .connect
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS:
            self = .tls
        case CURLE_OPERATION_TIMEDOUT:
            self = .timeout
        case CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND:
            self = .send
        case CURLE_URL_MALFORMAT:
            self = .invalidURL
        case CURLE_RECV_ERROR where !sent, CURLE_GOT_NOTHING where !sent:
            self = .refused
        case CURLE_OUT_OF_MEMORY where sent:
            // libcurl calls an answer so whose one line is longer than it takes; ours it must not become.
            self = .receive
        case CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER:
            self = .local
        default:
            self = sent ? .receive : .connect
        }
    }
}
