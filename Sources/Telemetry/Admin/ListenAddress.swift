/// The value of `admin.listen`: an IP address and a port.
struct ListenAddress: Equatable {
    /// An IPv4 or IPv6 address without brackets; IPv6 if `isIPv6`.
    var host: String
    /// 0 lets the system choose.
    var port: UInt16

    var isIPv6: Bool { host.utf8.contains(UInt8(ascii: ":")) }

    /// Reads `127.0.0.1:9464`, `[::1]:9464`, `localhost:9464`, `:9464` or `*:9464` (all IPv4 addresses).
    init(_ text: String) throws(AdminEndpointError) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { throw .invalidAddress(text) }
        let digits = bytes[(colon + 1)...]
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(String(decoding: digits, as: UTF8.self))
        else { throw .invalidAddress(text) }
        var host = String(decoding: bytes[..<colon], as: UTF8.self)
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard host.utf8.contains(UInt8(ascii: ":")) else { throw .invalidAddress(text) }
        } else if host.utf8.contains(UInt8(ascii: ":")) {
            throw .invalidAddress(text)
        }
        switch host {
        case "", "*": self.host = "0.0.0.0"
        case "localhost": self.host = "127.0.0.1"
        default: self.host = host
        }
        self.port = port
    }

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `HOST:PORT`, IPv6 in brackets.
    var text: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
