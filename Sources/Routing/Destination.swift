/// The server a postback goes to: scheme, host and port of its URL. Known when the routes are loaded, never made from
/// an event.
package struct Destination: Sendable, Hashable {
    package enum Scheme: String, Sendable, Hashable, CaseIterable {
        case http
        case https

        package var defaultPort: UInt16 {
            switch self {
            case .http: 80
            case .https: 443
            }
        }
    }

    package let scheme: Scheme
    /// Lower-case ASCII: a name, a canonical IPv4 address, or an IPv6 address (RFC 5952) without brackets.
    package let host: String
    /// 1...65535.
    package let port: UInt16

    package init(scheme: Scheme, host: String, port: UInt16) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// `https://host:port`: brackets around IPv6, the scheme's default port left out.
    package var origin: String {
        var text = "\(scheme.rawValue)://"
        text += host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        if port != scheme.defaultPort { text += ":\(port)" }
        return text
    }
}
