/// The names of headers a postback may set.
enum HeaderName {
    /// Headers that frame the message or that the worker sets itself.
    private static let reserved: [String: String] = [
        "host": "it is the host of the url",
        "content-length": "it is counted when the body is sent",
        "transfer-encoding": "the worker frames the message itself",
        "connection": "the worker keeps connections itself",
        "keep-alive": "the worker keeps connections itself",
        "proxy-connection": "the worker keeps connections itself",
        "te": "the worker frames the message itself",
        "trailer": "the worker frames the message itself",
        "upgrade": "the worker keeps connections itself",
        "expect": "the worker does not wait before it sends a body",
        "idempotency-key": "it is EVENT_ID/ROUTE_KEY in every postback",
        "traceparent": "it is passed on from the network's message",
        "content-type": "use content_type beside the body",
    ]

    /// Why a name cannot be used; nil when it can (a token of RFC 9110, section 5.6.2).
    static func refusal(of name: String) -> (message: String, hint: String)? {
        if name.isEmpty || !name.utf8.allSatisfy(isTokenCharacter) {
            return (
                "\"\(name)\" cannot be the name of a header", "letters, digits and hyphens; no token, blank or colon"
            )
        }
        if let reason = reserved[name.lowercased()] { return ("the header \(name) cannot be set here", reason) }
        return nil
    }

    static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x30...0x39: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
