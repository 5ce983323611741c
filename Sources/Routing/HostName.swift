/// The host of a URL, brought to the one form that is stored, compared and connected to.
enum HostName {
    /// Lower-case ASCII, IPv6 without brackets.
    ///
    /// A name is labels of letters, digits and hyphens (RFC 1123, section 2.1). What could be another spelling of an
    /// address is refused: programs disagree on what `127.1` or `0x7f.1` means, and a filter must not.
    static func canonical(_ text: ArraySlice<UInt8>, at offset: Int) throws(TemplateFlaw) -> String {
        if isUsual(text) { return String(decoding: text, as: UTF8.self) }
        let written = String(decoding: text, as: UTF8.self)
        if text.first == UInt8(ascii: "[") { return try bracketed(text, at: offset) }
        if let foreign = text.firstIndex(where: { $0 >= 0x80 }) {
            throw TemplateFlaw(
                at: offset + foreign - text.startIndex,
                "the host \"\(written)\" is not ASCII",
                hint: (try? InternationalName.toASCII(written)).map { "write its ASCII form, \($0)" }
                    ?? "write the name in its ASCII (punycode) form, the one that starts with xn--"
            )
        }
        let host = text.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
        if host.last == UInt8(ascii: ".") {
            throw TemplateFlaw(at: offset, "the host \"\(written)\" ends with a dot", hint: "write it without the dot")
        }
        if IPv4Literal.resembles(host) {
            guard IPv4Literal.parse(host[...]) != nil else {
                throw TemplateFlaw(
                    at: offset,
                    "the host \"\(written)\" is another spelling of an IP address",
                    hint: "write a name, or an address as four plain numbers such as 192.0.2.10"
                )
            }
            return String(decoding: host, as: UTF8.self)
        }
        try checkLabels(host, written, at: offset)
        return String(decoding: host, as: UTF8.self)
    }

    /// Whether it is a name in its canonical form already, which cannot be taken for an address: what nearly every host is.
    /// False also for some names that are.
    static func isUsual(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= 253 else { return false }
        var labelStart = text.startIndex
        var previous = UInt8(ascii: ".")
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            switch byte {
            case 0x61...0x7A, 0x30...0x39: break
            case UInt8(ascii: "-"): if previous == UInt8(ascii: ".") { return false }
            case UInt8(ascii: "."):
                if previous == UInt8(ascii: ".") || previous == UInt8(ascii: "-") { return false }
                if index - labelStart > 63 { return false }
                labelStart = index + 1
            default: return false
            }
            previous = byte
            index += 1
        }
        // An address to some resolvers is what ends in a number; a last part that begins with a letter is none.
        guard labelStart < text.endIndex, text[labelStart] >= 0x61 else { return false }
        return text.endIndex - labelStart <= 63 && previous != UInt8(ascii: "-")
    }

    private static func bracketed(_ text: ArraySlice<UInt8>, at offset: Int) throws(TemplateFlaw) -> String {
        let written = String(decoding: text, as: UTF8.self)
        guard text.last == UInt8(ascii: "]"), let host = IPv6Literal.canonical(text.dropFirst().dropLast()) else {
            throw TemplateFlaw(
                at: offset,
                "\"\(written)\" is not an IPv6 address in brackets",
                hint: "such as [2001:db8::1]; a zone (%eth0) is not allowed"
            )
        }
        return host
    }

    private static func checkLabels(_ host: [UInt8], _ written: String, at offset: Int) throws(TemplateFlaw) {
        guard host.count <= 253 else {
            throw TemplateFlaw(at: offset, "the host is \(host.count) characters long; names have at most 253")
        }
        var position = offset
        for label in host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            if label.isEmpty {
                throw TemplateFlaw(at: position, "the host \"\(written)\" has an empty part between its dots")
            }
            if label.count > 63 {
                throw TemplateFlaw(at: position, "a part of the host \"\(written)\" is longer than 63 characters")
            }
            if let bad = label.firstIndex(where: { !isLabelCharacter($0) }) {
                let character = String(decoding: [label[bad]], as: UTF8.self)
                throw TemplateFlaw(
                    at: position + bad - label.startIndex,
                    "the host \"\(written)\" holds \"\(character)\"; a host name is letters, digits, hyphens and dots"
                )
            }
            if label.first == UInt8(ascii: "-") || label.last == UInt8(ascii: "-") {
                throw TemplateFlaw(at: position, "a part of the host \"\(written)\" starts or ends with a hyphen")
            }
            position += label.count + 1
        }
    }

    private static func isLabelCharacter(_ byte: UInt8) -> Bool {
        (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: "-")
    }
}
