package import Conversion
import Digests

extension Postback {
    /// What an answer must not show of this postback's secrets: the secrets themselves, as bytes and in base64, and
    /// every value that the request has because of one. For the failures that quote an answer, not for the hot path.
    ///
    /// - Parameters:
    ///   - id, context: those of the request (`signHeaders`), `context.now` the time it began.
    package func secretValues(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        id: [UInt8]
    ) -> [[UInt8]] {
        var secrets: [Secret] = []
        var values: [[UInt8]] = []
        let body = settings.body.map { [$0] } ?? []
        for template in [record.target] + settings.headers.map(\.value) + body {
            for code in store.templates.secretTokens(of: template) {
                secrets += store.templates.secrets(of: code)
                // Each on its own: one that cannot be filled keeps no other back.
                var source = TokenValueSource(store: store, record: Int(number))
                guard let range = try? source.value(of: code, event, context, event.storage) else { continue }
                values.append(
                    TokenValueSource.isOwn(range)
                        ? Array(source.own[TokenValueSource.ownRange(range)]) : Array(event.storage[range.indices])
                )
            }
        }
        values += store.templates.hiddenTexts(of: record.target)
        switch signature {
        case .standardWebhooks(let keys): secrets += keys
        case .hmacQuery(let key, _): secrets.append(key)
        case nil: break
        }
        values += signatures(event, context, id: id)
        return values + secrets.flatMap { [$0.key, Base64Text.encode($0.key)] }
    }

    /// The names of the secrets that its templates and its signature use, as the configuration has them.
    package var secretNames: Set<String> {
        let templates = [record.target] + settings.headers.map(\.value) + (settings.body.map { [$0] } ?? [])
        var secrets = templates.flatMap { store.templates.secretTokens(of: $0) }.flatMap(store.templates.secrets)
        switch signature {
        case .standardWebhooks(let keys): secrets += keys
        case .hmacQuery(let key, _): secrets.append(key)
        case nil: break
        }
        return Set(secrets.map(\.name))
    }

    /// What the request was signed with.
    private func signatures(
        _ event: borrowing ConversionEvent,
        _ context: RenderContext,
        id: [UInt8]
    ) -> [[UInt8]] {
        switch signature {
        case .hmacQuery(_, let parameter):
            var target: [UInt8] = []
            guard (try? renderTarget(event, context, into: &target)) != nil else { return [] }
            let start = target.count + parameter.count + 2
            guard (try? appendSignature(to: &target)) != nil, start < target.count else { return [] }
            return [Array(target[start...])]
        case .standardWebhooks:
            var body: [UInt8] = []
            var lines: [[UInt8]] = []
            guard (try? renderBody(event, context, into: &body)) != nil,
                (try? signHeaders(id: id, timestamp: context.now / 1000, body: body, into: &lines)) != nil,
                let line = lines.last
            else { return [] }
            // `webhook-signature: v1,CODE v1,CODE`
            return line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ",") }.dropFirst().map(Array.init)
        case nil: return []
        }
    }
}

extension TemplatePool {
    /// The tokens of a template that are computed with a secret.
    fileprivate func secretTokens(of number: TemplateNumber) -> [TokenCode] {
        let head = head(of: number)
        return codes[Int(head.firstCode)..<Int(head.firstCode) + Int(head.codeCount)]
            .compactMap { $0.isToken && tokens[$0.token].isSecret ? tokens[$0.token] : nil }
    }

    /// What a publisher entered as his secret; without what holds a token, which has no one value.
    fileprivate func hiddenTexts(of number: TemplateNumber) -> [[UInt8]] {
        let text = Array(text(of: number))
        return (hidden[number] ?? []).map { Array(text[$0]) }.filter { $0.firstRange(of: "{{".utf8) == nil }
    }

    fileprivate func secrets(of code: TokenCode) -> [Secret] {
        filters[Int(code.filters)].compactMap { if case .hmacSHA256(let secret) = $0 { secret } else { nil } }
    }
}
