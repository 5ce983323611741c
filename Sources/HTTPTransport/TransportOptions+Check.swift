internal import Glibc

extension TransportOptions {
    /// Opens the files that the operator named and takes the proxy's URL apart, so that what is wrong stops the start
    /// and not every request.
    ///
    /// - Throws: `TransferFailure` of kind `local` with the setting and the reason.
    package func check() throws(TransferFailure) {
        let files = [
            ("ca", authorities == TransportOptions().authorities ? nil : authorities), ("cert", certificate),
            ("key", key),
        ]
        for case (let name, let path?) in files {
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            if descriptor < 0 {
                let reason = unsafe String(cString: strerror(errno))
                throw TransferFailure(.local, "egress.tls.\(name): \(path) cannot be read: \(reason)")
            }
            close(descriptor)
        }
        if !proxy.isEmpty { _ = try ForwardProxy(proxy, resolvesNames: resolvesAtProxy) }
    }
}
