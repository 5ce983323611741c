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
        let base = "\(transfer.destination ?? "")\(String(decoding: transfer.target, as: UTF8.self))"
        let parts = try URLParts(String(decoding: location, as: UTF8.self), from: base)
        let target = Array(parts.target.utf8)
        guard target.count <= 8000, target.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw TransferFailure(.invalidURL, "the redirect leads to no http or https URL")
        }
        return (try origin(isTLS: parts.scheme == "https", host: parts.host, port: parts.port), target)
    }
}
