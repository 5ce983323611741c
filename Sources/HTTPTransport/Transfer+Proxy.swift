internal import CCurl

/// Telling a proxy's faults, which are the worker's own, from those of the destination behind it.
extension Transfer {
    /// Why the request did not get through the proxy; nil when the proxy has no part in it.
    ///
    /// - Parameter isProven: whether others got through lately: what may be either's fault is then the destination's.
    func proxyFailure(_ code: CURLcode, isProven: Bool) -> TransferFailure? {
        let doubtful: TransferFailure.Kind = isProven ? .connect : .local
        if code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_CONNECT {
            return TransferFailure(.local, "egress.proxy cannot be reached: \(words(for: code))")
        }
        if code == CURLE_PROXY {
            let reply = long(CURLINFO_PROXY_ERROR)
            let kind: TransferFailure.Kind =
                switch UInt32(clamping: reply) {
                case CURLPX_REPLY_CONNECTION_REFUSED.rawValue, CURLPX_REPLY_ADDRESS_TYPE_NOT_SUPPORTED.rawValue,
                    CURLPX_REPLY_NOT_ALLOWED.rawValue:
                    .refused
                case CURLPX_REPLY_HOST_UNREACHABLE.rawValue, CURLPX_REPLY_TTL_EXPIRED.rawValue,
                    CURLPX_REPLY_NETWORK_UNREACHABLE.rawValue:
                    .connect
                case CURLPX_REPLY_GENERAL_SERVER_FAILURE.rawValue: doubtful
                default: .local
                }
            return TransferFailure(kind, "egress.proxy: \(words(for: code))")
        }
        if isThroughSOCKS {
            return code == CURLE_OPERATION_TIMEDOUT
                ? TransferFailure(doubtful, "egress.proxy: \(words(for: code))") : nil
        }
        let answer = long(CURLINFO_HTTP_CONNECTCODE)
        switch answer {
        case 200..<300: return nil
        case 0:
            // Before the proxy has said anything: only a time-out may be the destination's.
            let kind = code == CURLE_OPERATION_TIMEDOUT && time(CURLINFO_CONNECT_TIME_T) != nil ? doubtful : .local
            return TransferFailure(kind, "egress.proxy: \(words(for: code))")
        case 407: return TransferFailure(.local, "egress.proxy wants other credentials: it answered 407 to CONNECT")
        case 500...: return TransferFailure(doubtful, "egress.proxy answered \(answer) to CONNECT")
        default: return TransferFailure(.refused, "egress.proxy refuses: it answered \(answer) to CONNECT")
        }
    }

    private var isThroughSOCKS: Bool { options.proxy.lowercased().hasPrefix("socks") }
}
