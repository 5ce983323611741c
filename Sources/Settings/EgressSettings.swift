/// Section `egress`: where requests may go.
package struct EgressSettings: Sendable, Equatable {
    /// Who looks up the names in URLs when there is a ``proxy``.
    package enum Resolve: String, Sendable, CaseIterable {
        case worker
        case proxy
    }

    /// Whether private, loopback, link-local and carrier-grade NAT addresses may be connected to.
    package var allowPrivate = false
    /// Addresses and networks (CIDR) that may be connected to although ``allowPrivate`` is false. Spelling is checked;
    /// bits behind the prefix may be set, as in `10.1.2.3/8`.
    package var allow: [String] = []
    /// Addresses and networks (CIDR) that may not be connected to.
    package var deny: [String] = []
    /// Ports that may be connected to, at least one range.
    package var ports: [ClosedRange<UInt16>] = [80...80, 443...443, 8080...8080, 8443...8443]
    /// The URL of a proxy (`http`, `https`, `socks5`, `socks5h`); nil for none. It may hold a password: never show it.
    package var proxy: String?
    /// `proxy`: names are left to the proxy, and only addresses in URLs and ports are vetted here. Without a proxy it
    /// has no effect, and `socks5h` means the same.
    package var resolve = Resolve.worker
    /// Name servers in place of the system's, `address`, `address:port` or `[address]:port`; asked in this order.
    package var nameServers: [String] = []
    /// For destinations that begin with `https://`, and a proxy that does.
    package var tls = TLSSettings()

    /// All defaults.
    package init() {}

    mutating func read(_ section: SettingsSection) {
        let network = SettingKind<String>.text(IPNetwork.allowed, where: IPNetwork.isAllowed)
        let networks = SettingKind<[String]>.list(
            of: network,
            count: 0...1000,
            called: "a list of up to 1000 IP addresses and networks such as 10.0.0.0/8"
        )
        section.read("allow_private", .boolean, into: &allowPrivate)
        section.read("allow", networks, into: &allow)
        section.read("deny", networks, into: &deny)
        section.read("ports", .ports, into: &ports)
        section.read("proxy", .proxyURL, into: &proxy)
        section.read("resolve", .choice, into: &resolve)
        section.read("name_servers", .nameServers, into: &nameServers)
        tls.read(section.section("tls"))
    }
}

extension SettingKind where Value == [String] {
    fileprivate static var nameServers: Self {
        let one = SettingKind<String>.text(
            "the IP address of a name server, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353",
            where: isNameServer
        )
        return list(of: one, count: 0...10, called: "a list of up to 10 IP addresses of name servers")
    }

    private static func isNameServer(_ text: String) -> Bool {
        if IPNetwork.isIPv4(text) || IPNetwork.isIPv6(text) { return true }
        guard let colon = text.lastIndex(of: ":") else { return false }
        let (address, digits) = (text[..<colon], text[text.index(after: colon)...])
        guard digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = UInt16(digits), port > 0 else {
            return false
        }
        if address.hasPrefix("["), address.hasSuffix("]") {
            return IPNetwork.isIPv6(String(address.dropFirst().dropLast()))
        }
        return IPNetwork.isIPv4(String(address))
    }
}

extension SettingKind where Value == [ClosedRange<UInt16>] {
    fileprivate static var ports: Self {
        let one = SettingKind<ClosedRange<UInt16>>("a port from 1 to 65535 or a range such as 8000-8999") { value in
            if let range = value.text.flatMap(portRange) { return range }
            value.refuse(mustBe: "a port from 1 to 65535 or a range such as 8000-8999")
            return nil
        }
        return list(of: one, count: 1...100, called: "a list of 1 to 100 ports and ranges such as [443, 8000-8999]")
    }

    private static func portRange(_ text: String) -> ClosedRange<UInt16>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, ends.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }) else { return nil }
        guard let first = ends.first.flatMap({ UInt16($0) }), let last = ends.last.flatMap({ UInt16($0) }) else {
            return nil
        }
        return first > 0 && first <= last ? first...last : nil
    }
}

extension SettingKind where Value == String? {
    /// Its text is never shown: it may hold a password.
    fileprivate static var proxyURL: Self {
        let allowed = "a URL that begins with http://, https://, socks5:// or socks5h://, or empty"
        return Self(allowed) { value in
            if value.text == "" { return .some(nil) }
            let schemes = ["http://", "https://", "socks5://", "socks5h://"]
            if let text = value.text, let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }),
                text.utf8.count > scheme.utf8.count,
                text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F })
            {
                return .some(text)
            }
            value.refuseHiding(mustBe: allowed)
            return nil
        }
    }
}
