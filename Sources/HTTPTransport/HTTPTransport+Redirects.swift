internal import CCurl

/// Following redirects ourselves: each hop is resolved, vetted and pinned like any other destination, which libcurl's
/// own following would not do.
extension HTTPTransport {
    /// - Returns: true when the transfer goes on to where its answer pointed.
    func followsRedirect(_ transfer: Transfer) -> Bool {
        guard transfer.redirectsLeft > 0, case .answered(let status, _) = transfer.result,
            [301, 302, 303, 307, 308].contains(status), let location = transfer.header("Location")
        else { return false }
        transfer.redirectsLeft -= 1
        do throws(TransferFailure) {
            let (origin, target) = try parse(location, from: transfer)
            // Method and body stay as they are (also after 301 to 303: a postback turned into a GET would say nothing),
            // but credentials are for the host they were set for.
            if origin !== transfer.origin { transfer.dropCredentials() }
            transfer.target = target
            restart(transfer, to: origin)
        } catch {
            transfer.result = .failed(error)
            return false
        }
        return true
    }

    private func parse(_ location: [UInt8], from transfer: Transfer) throws(TransferFailure) -> (Origin, [UInt8]) {
        guard let url = unsafe curl_url() else { throw TransferFailure(.local, "no memory for a URL") }
        defer { unsafe curl_url_cleanup(url) }
        // Set one after the other, libcurl resolves the second against the first (RFC 3986 section 5).
        let base = "\(transfer.destination ?? "")\(String(decoding: transfer.target, as: UTF8.self))"
        let relative = String(decoding: location, as: UTF8.self)
        let invalid = TransferFailure(.invalidURL, "the redirect leads to no http or https URL")
        guard unsafe curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK,
            unsafe curl_url_set(url, CURLUPART_URL, relative, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK,
            let scheme = unsafe part(url, CURLUPART_SCHEME), scheme == "http" || scheme == "https",
            let host = unsafe part(url, CURLUPART_HOST),
            let port = unsafe part(url, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)),
            let number = UInt16(port), let path = unsafe part(url, CURLUPART_PATH)
        else { throw invalid }
        let query = unsafe part(url, CURLUPART_QUERY).map { "?\($0)" } ?? ""
        let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host.lowercased()
        let target = Array("\(path)\(query)".utf8)
        guard target.count <= 8000, target.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { throw invalid }
        return (try origin(isTLS: scheme == "https", host: name, port: number), target)
    }

    private func part(_ url: OpaquePointer, _ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(url, part, &text, flags) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
