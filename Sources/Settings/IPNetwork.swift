internal import Glibc

/// Checks the spelling of addresses and networks; matching is done where connections are made.
enum IPNetwork {
    static let allowed = "an IP address or network such as 10.1.2.3, 10.0.0.0/8 or fd00::/8"

    /// An address, or an address with the length of its prefix (CIDR, RFC 4632; RFC 4291 for IPv6).
    static func isAllowed(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let bits: Int
        if isIPv4(parts[0]) {
            bits = 32
        } else if isIPv6(parts[0]) {
            bits = 128
        } else {
            return false
        }
        guard parts.count == 2 else { return true }
        guard !parts[1].isEmpty, parts[1].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return false }
        return Int(parts[1]).map { $0 <= bits } ?? false
    }

    static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }

    static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }
}
