import Digests

extension Postback {
    /// Whether ``signHeaders(id:timestamp:body:into:)`` has anything to say.
    package var hasSignedHeaders: Bool {
        if case .standardWebhooks = signature { true } else { false }
    }

    /// Whether ``appendSignature(to:)`` has anything to say.
    package var hasSignedTarget: Bool {
        if case .hmacQuery = signature { true } else { false }
    }

    /// Appends the headers of Standard Webhooks 1.0, one `Name: value` each without a line end; nothing when the
    /// postback is not signed that way.
    ///
    /// `id` is the idempotency key `EVENT_ID/ROUTE_KEY`; a full stop in it becomes `%2E`, because it divides the signed
    /// text, and so does what no header may hold. All else stays, so that the two headers are mostly equal. `timestamp` is the time of the
    /// attempt in seconds since the Unix epoch, `body` the body as it is sent, empty for none.
    package func signHeaders(
        id: [UInt8],
        timestamp: Int64,
        body: [UInt8],
        into lines: inout [[UInt8]]
    ) throws(RenderFault) {
        guard case .standardWebhooks(let secrets) = signature else { return }
        let safeID = Self.webhookID(id)
        let time = Array(String(timestamp).utf8)
        var content = safeID
        content.reserveCapacity(safeID.count + time.count + body.count + 2)
        content.append(UInt8(ascii: "."))
        content.append(contentsOf: time)
        content.append(UInt8(ascii: "."))
        content.append(contentsOf: body)
        var signatures: [UInt8] = Array("webhook-signature:".utf8)
        for secret in secrets {
            signatures.append(contentsOf: " v1,".utf8)
            signatures.append(contentsOf: Base64Text.encode(try Self.code(secret, content)))
        }
        lines.append(Array("webhook-id: ".utf8) + safeID)
        lines.append(Array("webhook-timestamp: ".utf8) + time)
        lines.append(signatures)
    }

    /// Appends `&PARAMETER=HEX`, or `?PARAMETER=HEX` where there is no query, to a rendered target: HMAC-SHA256, in
    /// lower-case hexadecimal, of all that stands in `target`. Nothing when the postback is not signed that way.
    package func appendSignature(to target: inout [UInt8]) throws(RenderFault) {
        guard case .hmacQuery(let secret, let parameter) = signature else { return }
        let code = HexText.encode(try Self.code(secret, target))
        Self.append(parameter, code, to: &target)
        let limit = TemplateKind.target.limit
        if target.count > limit { throw .tooLong(limit: limit) }
    }

    /// The same with `***` for the code, for logs.
    func appendMaskedSignature(to target: inout [UInt8]) {
        guard case .hmacQuery(_, let parameter) = signature else { return }
        Self.append(parameter, Array("***".utf8), to: &target)
    }

    static func webhookID(_ id: [UInt8]) -> [UInt8] {
        var safe: [UInt8] = []
        safe.reserveCapacity(id.count)
        for byte in id {
            if byte == UInt8(ascii: ".") || byte <= 0x20 || byte >= 0x7F {
                Hexadecimal.appendEscape(of: byte, to: &safe)
            } else {
                safe.append(byte)
            }
        }
        return safe
    }

    private static func append(_ parameter: [UInt8], _ value: [UInt8], to target: inout [UInt8]) {
        target.append(target.contains(UInt8(ascii: "?")) ? UInt8(ascii: "&") : UInt8(ascii: "?"))
        target.append(contentsOf: parameter)
        target.append(UInt8(ascii: "="))
        target.append(contentsOf: value)
    }

    private static func code(_ secret: Secret, _ message: [UInt8]) throws(RenderFault) -> [UInt8] {
        do throws(DigestFailure) {
            return try Digests.hmacSHA256(key: secret.key, message: message)
        } catch {
            throw .digestFailed(error.description)
        }
    }
}
