internal import CCurl
internal import Glibc

/// The address a name was resolved to and vetted, in the form libcurl dials it: `CURLOPT_CONNECT_TO` keeps the Host
/// header, SNI and certificate check, and is part of the key by which connections are reused. Freed when the last
/// transfer that uses it is over.
@safe final class Pin {
    /// Nil for a name that is left to the proxy.
    let address: IPAddress?
    /// As `CURLOPT_PREREQFUNCTION` will spell the peer.
    let text: [CChar]
    /// The same for people, without the zero at the end.
    let bytes: [UInt8]
    /// Nil where the URL holds the address itself, or nobody here knows it.
    let list: UnsafeMutablePointer<curl_slist>?

    /// - Parameter host: the name that the address was found for; nil where the URL holds the address itself.
    init(_ address: IPAddress, host: String?, port: UInt16) {
        self.address = address
        bytes = Array(address.description.utf8)
        text = bytes.map { CChar(bitPattern: $0) } + [0]
        if let host {
            unsafe list = unsafe curl_slist_append(nil, "\(host):\(port):\(Self.bracketed(address)):\(port)")
        } else {
            unsafe list = nil
        }
    }

    /// The address of a proxy, for `CURLOPT_RESOLVE`: libcurl has no other way of being told.
    init(proxy address: IPAddress, host: String, port: UInt16) {
        self.address = address
        bytes = Array(address.description.utf8)
        text = bytes.map { CChar(bitPattern: $0) } + [0]
        unsafe list = unsafe curl_slist_append(nil, "\(host):\(port):\(Self.bracketed(address))")
    }

    /// A name that the proxy resolves.
    init() {
        address = nil
        bytes = []
        text = [0]
        unsafe list = nil
    }

    private static func bracketed(_ address: IPAddress) -> String {
        address.isV6 ? "[\(address)]" : address.description
    }

    /// Whether libcurl's spelling of a peer is this address.
    func isSpelled(_ remote: UnsafePointer<CChar>) -> Bool {
        unsafe text.withUnsafeBufferPointer { unsafe $0.baseAddress.map { unsafe strcmp($0, remote) == 0 } ?? false }
    }

    deinit {
        unsafe curl_slist_free_all(list)
    }
}
