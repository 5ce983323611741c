/// What a host may look like that is not an address in its plain form. The routes are checked when they are loaded;
/// this wall also stands before redirects, whose hosts are the destination's words. Pure.
enum HostSpelling {
    /// What is wrong with it, in words; nil for a name that may be looked up.
    static func flaw(of host: String) -> String? {
        let bytes = host.utf8
        guard !bytes.isEmpty, bytes.count <= 254, bytes.allSatisfy(isOfName) else {
            return "the host is no name of letters, digits, hyphens and dots"
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let last = labels.last == "" ? labels.dropLast().last : labels.last
        guard let last, !last.isEmpty else { return "the host \(host) is no name" }
        if labels.contains(where: { $0.hasPrefix("-") || $0.hasSuffix("-") }) {
            return "a part of the host \(host) begins or ends with a hyphen"
        }
        // Programs disagree on what 127.1, 0x7f.1 or 127.0.0.1. means (WHATWG URL, "ends in a number").
        if last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || isHexadecimal(last) {
            return "the host \(host) is another spelling of an IP address"
        }
        return nil
    }

    /// Whether it means the machine that looks it up (RFC 6761, section 6.3), or something in its own network.
    static func isLocal(_ host: String) -> Bool {
        let name = host.hasSuffix(".") ? host.dropLast() : host[...]
        return name == "localhost" || name.hasSuffix(".localhost") || !name.contains(".")
    }

    /// Underscores are in no host name, but in names that are looked up.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
    }

    private static func isHexadecimal(_ label: Substring) -> Bool {
        guard label.lowercased().hasPrefix("0x") else { return false }
        return label.dropFirst(2).allSatisfy(\.isHexDigit)
    }
}
