package import Conversion

extension Postback {
    /// The URL that would be requested, for logs, `explain` and dead letters: as `renderTarget` and `appendSignature`
    /// make it, with the origin in front, and `***` in place of everything that was computed with a secret.
    ///
    /// What a publisher wrote into the URL himself stays; names such as `token` are masked where the text is shown.
    package func maskedURL(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext
    ) throws(RenderFault) -> String {
        var text = Array(destination.origin.utf8)
        var target: [UInt8] = []
        try renderer(record.target).renderMasked(event, context, into: &target)
        appendMaskedSignature(to: &target)
        text.append(contentsOf: target)
        return String(decoding: text, as: UTF8.self)
    }

    /// The body with `***` in place of everything that was computed with a secret; empty when there is none.
    package func maskedBody(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext
    ) throws(RenderFault) -> [UInt8] {
        guard let body = settings.body else { return [] }
        var text: [UInt8] = []
        try renderer(body).renderMasked(event, context, into: &text)
        return text
    }

    /// The headers of `renderHeaders`, and those of the signature, with `***` in place of everything that was computed
    /// with a secret.
    package func maskedHeaders(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext
    ) throws(RenderFault) -> [String] {
        var lines: [String] = []
        for header in settings.headers {
            var value: [UInt8] = []
            try renderer(header.value).renderMasked(event, context, into: &value)
            if value.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
            lines.append(String(decoding: header.name + ": ".utf8 + value, as: UTF8.self))
        }
        if case .standardWebhooks(let secrets) = signature {
            lines.append("webhook-signature: " + secrets.map { _ in "v1,***" }.joined(separator: " "))
        }
        return lines
    }

    /// Whether some value of the URL is computed with a secret.
    package var usesSecretsInTarget: Bool {
        if case .hmacQuery = signature { return true }
        return store.templates.hasSecret(record.target)
    }

    /// Whether some value of the URL, the body or a header is computed with a secret.
    package var usesSecrets: Bool {
        let parts = [record.target] + settings.headers.map(\.value) + (settings.body.map { [$0] } ?? [])
        return signature != nil || parts.contains { store.templates.hasSecret($0) }
    }
}
