internal import CCurl
internal import CShims
internal import Glibc

/// Reading how a transfer ended. Only between completion and the next request.
extension Transfer {
    /// Turns libcurl's code into facts.
    ///
    /// - Parameter proxyIsProven: whether requests went through the proxy lately.
    func conclude(_ code: CURLcode, proxyIsProven: Bool) {
        let status = long(CURLINFO_RESPONSE_CODE)
        if let refusal {
            result = .failed(refusal)
        } else if code == CURLE_OK {
            result = .answered(status: status, bodyComplete: true)
        } else if status >= 200, sends > 0 {
            // The destination has decided; what was lost is only the rest of what it said about it.
            result = .answered(status: status, bodyComplete: false)
        } else {
            result = .failed(failure(code, proxyIsProven: proxyIsProven))
        }
    }

    private func failure(_ code: CURLcode, proxyIsProven: Bool) -> TransferFailure {
        if sends == 0, !options.proxy.isEmpty, let failure = proxyFailure(code, isProven: proxyIsProven) {
            return failure
        }
        let words = words(for: code)
        if code == CURLE_COULDNT_CONNECT {
            let error = Int32(truncatingIfNeeded: long(CURLINFO_OS_ERRNO))
            let reason = error == 0 ? words : "\(words): \(unsafe String(cString: strerror(error)))"
            if ConnectFault.isPeers(error) { return TransferFailure(.refused, reason) }
            let isV6 = pin?.address?.isV6 == true
            let isOurs = ConnectFault.isOurs(error, isV6: isV6, hasRoute: ConnectFault.hasRoute)
            return TransferFailure(isOurs ? .local : .connect, reason)
        }
        let kind = TransferFailure.Kind(code, sent: sends > 0)
        // A connection that stood and is lost with one of these was not closed by the other side.
        let isLost = [ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ENETDOWN].contains(
            Int32(truncatingIfNeeded: long(CURLINFO_OS_ERRNO))
        )
        return TransferFailure(isLost && [.receive, .refused].contains(kind) ? .send : kind, words)
    }

    /// What libcurl says about this failure, such as "certificate has expired", and its number.
    func words(for code: CURLcode) -> String {
        let general = unsafe String(cString: curl_easy_strerror(code))
        // Its words may quote the other side.
        let bytes = unsafe errorText.prefix { $0 != 0 }.map { $0 < 0x20 && $0 >= 0 || $0 == 0x7f ? 0x20 : $0 }
        let special = String(decoding: bytes.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return "\(special.isEmpty ? general : special) (libcurl \(code.rawValue))"
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        unsafe shim_easy_get_long(easy, Int32(info.rawValue), &value)
        return value
    }
}
