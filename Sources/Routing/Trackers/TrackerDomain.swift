/// The domain that a publisher enters for his tracker: a host name, and a port where it has one.
enum TrackerDomain {
    /// Message and hint for a text that is not a domain.
    struct Flaw: Error, Equatable {
        var message: String
        var hint: String?
    }

    /// The one form that is put into the URL: lower-case ASCII.
    static func canonical(_ text: String) throws(Flaw) -> String {
        if isPlain(text) { return try host(text) }
        try refuseMore(text)
        var name = text[...]
        var port = ""
        if let colon = text.lastIndex(of: ":") {
            name = text[..<colon]
            port = try Self.port(text[text.index(after: colon)...])
        }
        let ascii: String
        do throws(InternationalName.Flaw) {
            ascii = try InternationalName.toASCII(String(name))
        } catch {
            throw Flaw(message: error.message, hint: error.hint)
        }
        let host = try host(ascii)
        if IPv4Literal.resembles(Array(host.utf8)) {
            throw Flaw(message: "\"\(text)\" is an IP address, not a domain", hint: "enter the name of the host")
        }
        if !host.utf8.contains(UInt8(ascii: ".")), host != "localhost" {
            throw Flaw(
                message: "\"\(text)\" is only a part of a domain",
                hint: "enter it whole, such as track.example.com"
            )
        }
        return host + port
    }

    /// What nearly every domain looks like, and what needs no further look than a host's: lower-case ASCII, a dot in
    /// it, and a letter at the end, so that it is no address.
    private static func isPlain(_ text: String) -> Bool {
        var hasDot = false
        var last: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."): hasDot = true
            case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "-"): break
            default: return false
            }
            last = byte
        }
        return hasDot && last >= 0x61
    }

    private static func host(_ ascii: String) throws(Flaw) -> String {
        do throws(TemplateFlaw) {
            return try HostName.canonical(Array(ascii.utf8)[...], at: 0)
        } catch {
            throw Flaw(message: error.message, hint: error.hint)
        }
    }

    /// What a domain is most often confused with: a whole URL, or parts of one.
    private static func refuseMore(_ text: String) throws(Flaw) {
        if text.isEmpty { throw Flaw(message: "the domain is empty", hint: "such as track.example.com") }
        if text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
            throw Flaw(message: "the domain holds a blank or a line break", hint: "take it out")
        }
        if let range = text.firstRange(of: "://") {
            let host = text[range.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            throw Flaw(message: "\"\(text)\" is a URL; only the domain is needed", hint: "probably \(host)")
        }
        if text.hasPrefix("[") || text.utf8.count(where: { $0 == UInt8(ascii: ":") }) > 1 {
            throw Flaw(message: "\"\(text)\" is an IP address, not a domain", hint: "enter the name of the host")
        }
        if text.contains("@") {
            throw Flaw(
                message: "\"\(text)\" holds a user name or password",
                hint: "they would stand in logs; enter the domain alone"
            )
        }
        if let end = text.firstIndex(where: { "/\\?#".contains($0) }) {
            throw Flaw(message: "\"\(text)\" is more than a domain", hint: "probably \(text[..<end])")
        }
        if text.contains("{{") {
            throw Flaw(
                message: "a token may not stand in a domain",
                hint: "where a postback goes must be known when the routes are loaded"
            )
        }
    }

    private static func port(_ digits: Substring) throws(Flaw) -> String {
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let port = UInt16(digits), port > 0
        else {
            throw Flaw(message: "\"\(digits)\" is not a port", hint: "a number from 1 to 65535, such as :8443")
        }
        return ":\(port)"
    }
}
