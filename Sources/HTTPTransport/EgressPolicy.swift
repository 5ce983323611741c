/// Which addresses and ports a postback may reach. Pure: decided on the address that is dialled, never on a name.
package struct EgressPolicy: Sendable {
    /// Private, loopback, link-local and carrier-grade NAT addresses, and nothing else of what is reserved.
    package var allowsPrivate: Bool
    package var allowed: [AddressBlock]
    package var denied: [AddressBlock]
    package var ports: [ClosedRange<UInt16>]

    package init(
        allowsPrivate: Bool = false,
        allowed: [AddressBlock] = [],
        denied: [AddressBlock] = [],
        ports: [ClosedRange<UInt16>] = [80...80, 443...443, 8080...8080, 8443...8443]
    ) {
        self.allowsPrivate = allowsPrivate
        self.allowed = allowed
        self.denied = denied
        self.ports = ports
    }

    /// Why a destination is refused, in words for the dead letter; nil when it is permitted.
    package func refusal(of address: IPAddress, port: UInt16) -> String? {
        refusal(ofPort: port) ?? refusal(of: address)
    }

    /// As far as it can be told from the host of a URL: an address, or a name that is this machine's own.
    package func refusal(ofHost host: String, port: UInt16) -> String? {
        if let refusal = refusal(ofPort: port) { return refusal }
        if let address = IPAddress(host) { return refusal(of: address) }
        // RFC 6761, section 6.3: such a name means this machine, whatever a name server says.
        guard host == "localhost" || host.hasSuffix(".localhost") || host.hasSuffix("localhost.") else { return nil }
        return refusal(of: .v4(0x7f00_0001)).map { "\(host) is this machine: \($0)" }
    }

    package func refusal(ofPort port: UInt16) -> String? {
        ports.contains { $0.contains(port) } ? nil : "port \(port) is not among egress.ports"
    }

    /// `deny` wins over `allow`, and both over what is reserved.
    package func refusal(of address: IPAddress) -> String? {
        if denied.contains(where: { $0.contains(address) }) { return "\(address) is in egress.deny" }
        let embedded = Self.embedded(in: address)
        // Before anything is allowed: an IPv4 address stays denied in IPv6 clothes.
        if let inner = embedded?.address, denied.contains(where: { $0.contains(inner) }) {
            return "\(address) stands for \(inner), which is in egress.deny"
        }
        if allowed.contains(where: { $0.contains(address) }) { return nil }
        if let embedded {
            if let refusal = refusal(of: embedded.address) { return "\(address) stands for \(refusal)" }
            if embedded.isTranslated { return nil }
        }
        for entry in Self.reserved where entry.block.contains(address) {
            if allowsPrivate && entry.isInside { return nil }
            let block = "\(entry.block.base)/\(entry.block.prefixLength)"
            return "\(address) is \(entry.name) (\(block)); egress.allow can permit it"
        }
        if case .v6(let high, _) = address, high >> 61 != 1 {
            return "\(address) is not among the public IPv6 addresses (2000::/3); egress.allow can permit it"
        }
        return nil
    }

    /// The IPv4 address that an IPv6 address stands for, which lends it its verdict. `isTranslated`: the packets go to
    /// that address and nowhere else, as with IPv4-mapped and NAT64 addresses (RFC 4291, RFC 6052); an ISATAP address
    /// (RFC 5214) must besides be permitted as what it is. 6to4 and Teredo are refused whatever they hold.
    private static func embedded(in address: IPAddress) -> (address: IPAddress, isTranslated: Bool)? {
        guard case .v6(let high, let low) = address else { return nil }
        let inner = IPAddress.v4(UInt32(truncatingIfNeeded: low))
        switch (high, low >> 32) {
        case (0, 0xffff), (0x0064_ff9b_0000_0000, 0): return (inner, true)
        // The interface identifier of ISATAP, under any prefix, with and without the bit for a global address.
        case (_, 0x0000_5efe), (_, 0x0200_5efe): return (inner, false)
        default: return nil
        }
    }

    private struct Reserved {
        let block: AddressBlock
        let name: String
        /// Whether `egress.allow_private` lets requests go there.
        let isInside: Bool
    }

    /// The special-purpose registries of IANA for IPv4 and IPv6, and what else never is a public tracker.
    private static let reserved =
        blocks(
            isInside: true,
            [
                ("10.0.0.0/8", "private"), ("100.64.0.0/10", "carrier-grade NAT"), ("127.0.0.0/8", "loopback"),
                ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"), ("192.168.0.0/16", "private"),
                ("::1", "loopback"), ("fc00::/7", "private"), ("fe80::/10", "link-local"), ("fec0::/10", "site-local"),
            ]
        )
        + blocks(
            isInside: false,
            [
                ("0.0.0.0/8", "this network"), ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "documentation"),
                ("192.88.99.0/24", "reserved"), ("198.18.0.0/15", "benchmarking"), ("198.51.100.0/24", "documentation"),
                ("203.0.113.0/24", "documentation"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
                // With the IPv4-compatible and SIIT forms of IPv4 addresses.
                ("::/8", "reserved"), ("64:ff9b:1::/48", "local NAT64"), ("100::/64", "discard-only"),
                ("2001::/32", "Teredo"), ("2001::/23", "reserved"), ("2001:db8::/32", "documentation"),
                ("2002::/16", "6to4"), ("3fff::/20", "documentation"), ("5f00::/16", "segment routing"),
                ("ff00::/8", "multicast"),
            ]
        )

    private static func blocks(isInside: Bool, _ entries: [(String, String)]) -> [Reserved] {
        entries.compactMap { text, name in
            AddressBlock(text).map { Reserved(block: $0, name: name, isInside: isInside) }
        }
    }
}
