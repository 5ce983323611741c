internal import CCares
internal import CCurl
internal import CShims
internal import Glibc

/// What libcurl calls, from inside calls made on it, on the loop's thread.
extension Transfer {
    func received(_ data: UnsafeRawBufferPointer) -> Int {
        bodyCount += data.count
        let room = max(keptBytes, options.keptHead) - bodyHead.count
        if room > 0 { unsafe bodyHead.append(contentsOf: data.prefix(room)) }
        // A short count makes libcurl end the transfer and close the connection.
        return bodyCount > options.maxResponse ? 0 : data.count
    }

    /// Once for each line of the head of an answer, interim answers included. libcurl keeps them all, and a short count
    /// makes it end the transfer.
    func receivedHeader(bytes: Int) -> Int {
        headerBytes += bytes
        headerLines += 1
        let isTooMuch = headerBytes > TransportOptions.maxHeaderBytes || headerLines > TransportOptions.maxHeaderLines
        return isTooMuch ? 0 : bytes
    }

    /// Once for each time the request goes out, on new and reused connections.
    func isAboutToSend(to remote: UnsafePointer<CChar>, port: UInt16) -> Int32 {
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
    func openSocket(_ target: UnsafeMutablePointer<curl_sockaddr>) -> Int32 {
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
}
