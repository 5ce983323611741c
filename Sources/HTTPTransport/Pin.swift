internal import CCurl
internal import Glibc

/// The address a name was resolved to and vetted, in the form libcurl dials it: `CURLOPT_CONNECT_TO` keeps the Host
/// header, SNI and certificate check, and is part of the key by which connections are reused. Freed when the last
/// transfer that uses it is over.
@safe final class Pin {
    let address: IPAddress
    /// As `CURLOPT_PREREQFUNCTION` will spell the peer.
    let text: [CChar]
    /// Nil where the URL holds the address itself.
    let list: UnsafeMutablePointer<curl_slist>?

    init(_ address: IPAddress, host: String?, port: UInt16) {
        self.address = address
        text = address.description.utf8CString.map { $0 }
        if let host {
            let target = address.isV6 ? "[\(address)]" : address.description
            unsafe list = unsafe curl_slist_append(nil, "\(host):\(port):\(target):\(port)")
        } else {
            unsafe list = nil
        }
    }

    /// Whether libcurl's spelling of a peer is this address.
    func isSpelled(_ remote: UnsafePointer<CChar>) -> Bool {
        unsafe text.withUnsafeBufferPointer { unsafe $0.baseAddress.map { unsafe strcmp($0, remote) == 0 } ?? false }
    }

    deinit {
        unsafe curl_slist_free_all(list)
    }
}
