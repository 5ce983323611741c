/// A URL cut where RFC 3986 cuts it: the destination, and the rest that is sent in the request line.
struct URLSplit {
    var destination: Destination
    /// Where path and query start in the URL; its end when it has neither.
    var targetStart: Int

    /// Checks scheme, user information, host and port. Tokens may stand behind them only.
    init(_ url: [UInt8]) throws(TemplateFlaw) {
        let scheme = try Self.scheme(of: url)
        let start = scheme.rawValue.utf8.count + 3
        let end = url[start...].firstIndex { "/?#\\".utf8.contains($0) } ?? url.count
        let authority = url[start..<end]
        if let token = Self.firstToken(in: url[..<end]) {
            throw Self.tokenInAuthority(authority, token: token, whole: url)
        }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            throw TemplateFlaw(
                at: start,
                "the URL holds a user name or password before its host",
                hint: "they would stand in logs; start the host at \"\(Self.text(authority[(at + 1)...]))\""
                    + " and send credentials in a header"
            )
        }
        if authority.isEmpty {
            throw TemplateFlaw(at: start, "the URL has no host", hint: "such as https://track.example.com/postback")
        }
        let hostEnd =
            if authority.first == UInt8(ascii: "[") {
                (authority.lastIndex(of: UInt8(ascii: "]")) ?? end - 1) + 1
            } else { authority.firstIndex(of: UInt8(ascii: ":")) ?? end }
        let host = authority[..<hostEnd]
        if host.isEmpty { throw TemplateFlaw(at: start, "the URL has a port but no host") }
        let name = try HostName.canonical(host, at: start)
        let port = try Self.port(authority[hostEnd...], scheme: scheme)
        if end < url.count, url[end] == UInt8(ascii: "\\") {
            throw TemplateFlaw(at: end, "a backslash does not belong in a URL", hint: "write /")
        }
        destination = Destination(scheme: scheme, host: name, port: port)
        targetStart = end
    }

    private static func scheme(of url: [UInt8]) throws(TemplateFlaw) -> Destination.Scheme {
        let colon = url.prefix(while: { isSchemeCharacter($0) }).count
        let separator = url.dropFirst(colon).prefix(3)
        let written = text(url[..<colon]).lowercased()
        if separator.elementsEqual("://".utf8) {
            if let scheme = Destination.Scheme(rawValue: written) { return scheme }
            throw TemplateFlaw(at: 0, "the scheme \"\(written)\" cannot be used", hint: "http and https are allowed")
        }
        if url.starts(with: "{{".utf8) {
            throw TemplateFlaw(
                at: 0,
                "a token may not stand in the scheme or host of a URL",
                hint: "where a postback goes must be known when the routes are loaded; write https:// and the host"
            )
        }
        if url.starts(with: "//".utf8) {
            throw TemplateFlaw(at: 0, "the URL has no scheme", hint: "write https:\(text(url[...].prefix(40)))")
        }
        if Destination.Scheme(rawValue: written) != nil, separator.first == UInt8(ascii: ":") {
            throw TemplateFlaw(at: colon, "two slashes must follow \"\(written):\"", hint: "\(written)://host/path")
        }
        throw TemplateFlaw(
            at: 0,
            "\"\(text(url[...].prefix(40)))\" does not start with http:// or https://",
            hint: "write the whole URL, such as https://track.example.com/postback?cid={{click_id}}"
        )
    }

    private static func port(_ text: ArraySlice<UInt8>, scheme: Destination.Scheme) throws(TemplateFlaw) -> UInt16 {
        if text.isEmpty { return scheme.defaultPort }
        let digits = text.dropFirst()
        if text.first == UInt8(ascii: ":"), digits.count <= 5, digits.first != 0x30,
            digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let port = UInt16(Self.text(digits)), port > 0
        {
            return port
        }
        throw TemplateFlaw(
            at: text.startIndex,
            digits.isEmpty ? "the port is missing after the colon" : "\"\(Self.text(text))\" is not a port",
            hint: "a port is a colon and a number from 1 to 65535, such as :8443"
        )
    }

    private static func firstToken(in text: ArraySlice<UInt8>) -> Int? {
        text.indices.dropLast().first { text[$0] == UInt8(ascii: "{") && text[$0 + 1] == UInt8(ascii: "{") }
    }

    private static func tokenInAuthority(_ authority: ArraySlice<UInt8>, token: Int, whole: [UInt8]) -> TemplateFlaw {
        let rest = authority[min(max(token, authority.startIndex), authority.endIndex)...]
        let before = authority[..<rest.startIndex]
        let part =
            if rest.contains(UInt8(ascii: "@")) { "user information" } else if before.contains(UInt8(ascii: ":")) {
                "port"
            } else { "host" }
        return TemplateFlaw(
            at: token,
            "a token may not stand in the \(part) of a URL",
            hint:
                "where a postback goes must be known when the routes are loaded; tokens belong in the path and the query"
        )
    }

    private static func isSchemeCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
