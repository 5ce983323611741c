import Foundation

/// Where a URL leads to another reader of it: Foundation's.
struct Place: Equatable {
    private var scheme: String
    /// A name in lower case, or an IPv6 address in the only spelling that the system has for it.
    private var host: String
    private(set) var port: Int

    /// Nil for a text that leads nowhere, or with somebody's name.
    init?(url: String) {
        guard let parsed = URLComponents(string: url), let scheme = parsed.scheme?.lowercased(),
            let host = parsed.encodedHost?.lowercased(), !host.isEmpty, parsed.user == nil, parsed.password == nil
        else { return nil }
        self.scheme = scheme
        self.host = Self.address(host) ?? host
        port = parsed.port ?? (scheme == "https" ? 443 : 80)
    }

    /// Of a template, whose tokens stand for harmless letters.
    init?(template: String) {
        let text = Shape.withoutTokens(Array(template.utf8)).map { $0 == 0 ? UInt8(ascii: "x") : $0 }
        self.init(url: String(decoding: text, as: UTF8.self))
    }

    private static func address(_ host: String) -> String? {
        guard host.first == "[", host.last == "]" else { return nil }
        var address = in6_addr()
        guard inet_pton(AF_INET6, String(host.dropFirst().dropLast()), &address) == 1 else { return nil }
        return "[" + withUnsafeBytes(of: address) { bytes in bytes.map { "\($0)" }.joined(separator: ".") } + "]"
    }
}
