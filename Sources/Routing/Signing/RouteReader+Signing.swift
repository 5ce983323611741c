import Documents

extension RouteReader {
    private static let schemes = ["standard-webhooks", "hmac-sha256-query"]

    /// Reads `sign`, when URL and headers are known; nil after a fault.
    mutating func readSignature(
        _ field: SourceNode.Entry,
        _ request: RequestDraft,
        _ target: TemplateNumber?
    ) -> Signature? {
        log.path.append(field.key)
        defer { log.path.removeLast() }
        guard case .mapping(let entries) = field.value.content else {
            let scheme = field.value.text.flatMap { Self.schemes.contains($0) ? $0 : nil }
            log.error(
                at: field.value.position,
                scheme.map { "sign: \($0) lacks the name of a secret" }
                    ?? "sign must be a mapping with a scheme and a secret, not \(field.value.kind)",
                hint: Self.example(scheme)
            )
            return nil
        }
        for entry in entries where !RouteKeys.sign.contains(entry.key) { refuse(entry, allowed: RouteKeys.sign) }
        let scheme = entries.first { $0.key == "scheme" }
        let name = scheme.flatMap { read($0) { $0.text } }
        guard let name, Self.schemes.contains(name) else {
            if scheme == nil || name != nil { refuseScheme(name, at: (scheme?.value ?? field.value).position) }
            return nil
        }
        guard let secret = entries.first(where: { $0.key == "secret" }) else {
            log.error(
                at: field.value.position,
                "sign: \(name) lacks the name of a secret",
                hint: Self.example(name)
            )
            return nil
        }
        let parameter = entries.first { $0.key == "parameter" }
        if name == "hmac-sha256-query" { return querySignature(field, secret, parameter, target) }
        if let parameter {
            log.path.append(parameter.key)
            log.error(at: parameter.keyPosition, "standard-webhooks signs in headers and has no parameter")
            log.path.removeLast()
            return nil
        }
        return webhookSignature(field, secret, request)
    }

    private mutating func webhookSignature(
        _ field: SourceNode.Entry,
        _ secret: SourceNode.Entry,
        _ request: RequestDraft
    ) -> Signature? {
        for entry in request.headers?.value.entries ?? [] where entry.key.lowercased().hasPrefix("webhook-") {
            log.error(at: entry.keyPosition, "the header \(entry.key) is set by the signature", hint: "take it out")
        }
        let names = texts(secret, "the name of a secret")
        if names.count > 2 {
            log.error(at: secret.value.position, "at most two secrets sign, the new one and the old one")
            return nil
        }
        let secrets = names.compactMap { item -> Secret? in
            guard let found = find(item, secret) else { return nil }
            guard let key = WebhookSecret.key(found.key) else {
                log.error(
                    at: item.node.position,
                    "the secret \"\(item.text)\" begins with whsec_, but what follows is not base64"
                )
                return nil
            }
            if key.count < WebhookSecret.shortest {
                log.warning(
                    at: item.node.position,
                    "the secret \(found.name) is \(key.count) bytes long; Standard Webhooks asks for 24 to 64",
                    hint: "whsec_ and the base64 of 24 random bytes or more"
                )
            }
            return Secret(name: found.name, key: key)
        }
        return secrets.isEmpty || secrets.count < names.count ? nil : .standardWebhooks(secrets)
    }

    private mutating func querySignature(
        _ field: SourceNode.Entry,
        _ secret: SourceNode.Entry,
        _ parameter: SourceNode.Entry?,
        _ target: TemplateNumber?
    ) -> Signature? {
        guard let parameter else {
            log.error(
                at: field.value.position,
                "sign: hmac-sha256-query lacks the parameter that the signature goes into",
                hint: Self.example("hmac-sha256-query")
            )
            return nil
        }
        guard let name = read(parameter, { $0.parameterName }) else { return nil }
        if let target, holdsParameter(name, target) {
            log.path.append(parameter.key)
            log.error(at: parameter.value.position, "the URL has a parameter \"\(name)\" already")
            log.path.removeLast()
        }
        let names = texts(secret, "the name of a secret")
        if names.count > 1 {
            log.error(at: secret.value.position, "hmac-sha256-query signs with one secret")
            return nil
        }
        guard let item = names.first, let found = find(item, secret) else { return nil }
        return .hmacQuery(found, parameter: Array(name.utf8))
    }

    private func holdsParameter(_ name: String, _ target: TemplateNumber) -> Bool {
        let text = draft.templates.text(of: target)
        let query = text.drop { $0 != UInt8(ascii: "?") }.dropFirst()
        return query.split(separator: UInt8(ascii: "&")).contains { part in
            part.prefix { $0 != UInt8(ascii: "=") }.elementsEqual(name.utf8)
        }
    }

    private mutating func find(_ item: (text: String, node: SourceNode), _ field: SourceNode.Entry) -> Secret? {
        do throws(TemplateFlaw) {
            return try SecretReference.find(item.text, in: compiler.vocabulary.secrets, at: 0)
        } catch {
            log.path.append(field.key)
            log.error(at: item.node.position, error.message, hint: error.hint)
            log.path.removeLast()
            return nil
        }
    }

    private mutating func refuseScheme(_ name: String?, at position: SourcePosition) {
        let near = name.flatMap { Suggestion.closest(to: $0, among: Self.schemes) }
        log.error(
            at: position,
            name.map { "there is no scheme \"\($0)\"" } ?? "sign lacks its scheme",
            hint: near.map { "probably \($0)" } ?? "allowed: \(Self.schemes.joined(separator: ", "))"
        )
    }

    private static func example(_ scheme: String?) -> String {
        scheme == "hmac-sha256-query"
            ? "{ scheme: hmac-sha256-query, secret: NAME, parameter: sig }"
            : "{ scheme: standard-webhooks, secret: NAME }, where NAME stands under secrets in the configuration"
    }
}

extension PostbackScalar {
    /// The name of a query parameter: characters that need no encoding.
    fileprivate var parameterName: Result<String, Flaw> {
        text.flatMap { name in
            if (1...64).contains(name.utf8.count), name.utf8.allSatisfy(URICharacters.isUnreserved) {
                return .success(name)
            }
            return .failure(
                Flaw(
                    message: "\"\(name)\" cannot be the name of a parameter",
                    hint: "1 to 64 letters, digits, -, _, . or ~"
                )
            )
        }
    }
}
