/// Where a broker is and who we are there: `amqp://user:password@host:port/vhost`.
///
/// Our own parser, because librabbitmq's takes `amqp://h/` for the vhost "" and stumbles over escapes, upper case,
/// brackets and colons in passwords (PLUMBING 1.12). Syntax: the RabbitMQ URI specification, with one difference:
/// an empty vhost means "/", since that is what everyone who writes a trailing slash means.
package struct BrokerURL: Sendable, Equatable {
    package var isTLS: Bool
    package var host: String
    package var port: UInt16
    package var vhost: String
    package var user: String
    package var password: String

    /// Why a text is no broker URL, in words that never repeat the password.
    package struct ParseError: Error, Sendable, Equatable, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    package init(parsing text: String) throws(ParseError) {
        guard let separator = text.range(of: "://") else {
            throw ParseError(description: "a broker URL starts with amqp:// or amqps://")
        }
        switch text[..<separator.lowerBound].lowercased() {
        case "amqp": isTLS = false
        case "amqps": isTLS = true
        default: throw ParseError(description: "the scheme must be amqp or amqps")
        }
        var rest = text[separator.upperBound...]
        if rest.contains(where: { $0 == "?" || $0 == "#" }) {
            throw ParseError(description: "no ? or # may stand in a broker URL; write %3F or %23 if a password has one")
        }

        if let slash = rest.firstIndex(of: "/") {
            let path = rest[rest.index(after: slash)...]
            if path.contains("@") {
                throw ParseError(description: "a / in the user or password is written %2F, and an @ in the vhost %40")
            }
            if path.contains("/") { throw ParseError(description: "a / in the vhost's name is written %2F") }
            vhost = try Self.decode(path, "vhost")
            if vhost.isEmpty { vhost = "/" }
            rest = rest[..<slash]
        } else {
            vhost = "/"
        }

        user = "guest"
        password = "guest"
        if let at = rest.lastIndex(of: "@") {
            let credentials = rest[..<at]
            if let colon = credentials.firstIndex(of: ":") {
                user = try Self.decode(credentials[..<colon], "user")
                password = try Self.decode(credentials[credentials.index(after: colon)...], "password")
            } else {
                user = try Self.decode(credentials, "user")
            }
            rest = rest[rest.index(after: at)...]
        }

        var portText: Substring?
        if rest.first == "[" {
            guard let bracket = rest.firstIndex(of: "]") else {
                throw ParseError(description: "the ] after the IPv6 address is missing")
            }
            host = String(rest[rest.index(after: rest.startIndex)..<bracket])
            rest = rest[rest.index(after: bracket)...]
            if rest.first == ":" {
                portText = rest.dropFirst()
            } else if !rest.isEmpty {
                throw ParseError(description: "only :port may follow the ] of an IPv6 address")
            }
        } else if let colon = rest.firstIndex(of: ":") {
            host = try Self.decode(rest[..<colon], "host")
            portText = rest[rest.index(after: colon)...]
        } else {
            host = try Self.decode(rest, "host")
        }
        if host.isEmpty { throw ParseError(description: "the host is missing") }
        port = isTLS ? 5671 : 5672
        if let portText, !portText.isEmpty {
            guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(portText), number > 0
            else {
                throw ParseError(description: "the port must be a number from 1 to 65535")
            }
            port = number
        }
        for value in [host, vhost, user, password] where value.utf8.contains(0) || value.utf8.count > 255 {
            throw ParseError(description: "host, vhost, user and password are at most 255 bytes and hold no NUL")
        }
    }

    /// For logs: everything but the password.
    package var masked: String {
        let address = host.contains(":") ? "[\(host)]" : host
        let name = vhost == "/" ? "%2F" : vhost
        return "\(isTLS ? "amqps" : "amqp")://\(user):***@\(address):\(port)/\(name)"
    }

    private static func decode(_ text: Substring, _ what: String) throws(ParseError) -> String {
        if !text.utf8.contains(UInt8(ascii: "%")) { return String(text) }
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(hexDigit), let low = iterator.next().flatMap(hexDigit) else {
                throw ParseError(description: "a % in the \(what) must be followed by two hexadecimal digits")
            }
            bytes.append(high << 4 | low)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw ParseError(description: "the \(what) is not UTF-8 after its escapes are decoded")
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension String {
    /// The first place where `needle` stands; nil when nowhere.
    fileprivate func range(of needle: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
