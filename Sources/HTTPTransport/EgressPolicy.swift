/// Which addresses and ports a postback may reach. Pure: decided on the address that is dialled, never on a name.
package struct EgressPolicy: Sendable {
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

    package func refusal(ofPort port: UInt16) -> String? {
        ports.contains { $0.contains(port) } ? nil : "port \(port) is not among egress.ports"
    }

    /// `deny` wins over `allow`, and both over what is reserved.
    package func refusal(of address: IPAddress) -> String? {
        if denied.contains(where: { $0.contains(address) }) { return "\(address) is in egress.deny" }
        // Before anything is allowed: an IPv4 address stays denied in IPv6 clothes.
        if let embedded = Self.embedded(in: address), denied.contains(where: { $0.contains(embedded) }) {
            return "\(address) stands for \(embedded), which is in egress.deny"
        }
        if allowed.contains(where: { $0.contains(address) }) || allowsPrivate { return nil }
        if let embedded = Self.embedded(in: address) {
            return refusal(of: embedded).map { "\(address) stands for \($0)" }
        }
        for (block, what) in Self.reserved where block.contains(address) {
            return "\(address) is \(what) (\(block.base)/\(block.prefixLength)); egress.allow can permit it"
        }
        return nil
    }

    /// The IPv4 address inside an IPv4-mapped or NAT64 address, which inherits its verdict (RFC 4291, RFC 6052).
    private static func embedded(in address: IPAddress) -> IPAddress? {
        guard case .v6(let high, let low) = address else { return nil }
        if high == 0, low >> 32 == 0xffff { return .v4(UInt32(truncatingIfNeeded: low)) }
        if high == 0x0064_ff9b_0000_0000, low >> 32 == 0 { return .v4(UInt32(truncatingIfNeeded: low)) }
        return nil
    }

    /// The special-purpose registries of IANA for IPv4 and IPv6, and what else never is a public tracker.
    private static let reserved: [(AddressBlock, String)] = [
        ("0.0.0.0/8", "this network"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"), ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"), ("192.0.2.0/24", "documentation"), ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"), ("198.18.0.0/15", "benchmarking"), ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"), ("224.0.0.0/4", "multicast"), ("240.0.0.0/4", "reserved"),
        ("::/8", "reserved"), ("64:ff9b:1::/48", "local NAT64"), ("100::/64", "discard-only"),
        ("2001::/23", "reserved"), ("2001:db8::/32", "documentation"), ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"), ("5f00::/16", "segment routing"), ("fc00::/7", "private"),
        ("fe80::/10", "link-local"), ("fec0::/10", "site-local"), ("ff00::/8", "multicast"),
    ]
    .compactMap { text, what in AddressBlock(text).map { ($0, what) } }
}
