/// Why a template that was carried in a message cannot be sent.
package struct OriginalFault: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

extension RouteTable {
    /// The postback of this route key with another URL: method, headers, body, rules and signature as it has them today;
    /// a GET with nothing of its own when the routes do not have it any more. The template, in `{{}}`, is checked as one
    /// in the routes is.
    ///
    /// Who may publish to the queue could send a template of his own: so one that tells something of a secret, or is
    /// signed with one, goes only to a destination that today's routes know.
    package func original(_ template: String, forKey key: [UInt8]) -> Result<Postback, OriginalFault> {
        guard let name = RouteKey(parsing: key) else {
            return .failure(OriginalFault("\(String(decoding: key, as: UTF8.self)) is no route key"))
        }
        let url = Array(template.utf8)
        let split: URLSplit
        do throws(TemplateFlaw) {
            split = try URLSplit(url)
        } catch {
            return .failure(OriginalFault(error.message))
        }
        let rest = url[split.targetStart...]
        let target = rest.first == UInt8(ascii: "/") ? Array(rest) : [UInt8(ascii: "/")] + rest
        var draft = RouteStoreDraft()
        draft.templates.pointers = compiler.vocabulary.pointers
        switch compiler.compile(target, as: .target) {
        case .failure(let refusal):
            return .failure(OriginalFault(refusal.flaws.map(\.message).joined(separator: "; ")))
        case .success(let compiled):
            var entry = RouteStoreDraft.Entry(
                name: String(decoding: name.name, as: UTF8.self),
                isEnabled: true,
                isSuppressed: false,
                settings: 0
            )
            entry.address = (draft.number(of: split.destination), draft.templates.add(compiled))
            guard let settings = settingsToday(ofKey: key, &draft) else {
                return .failure(OriginalFault("the headers or the body of today's postback cannot be used"))
            }
            entry.settings = draft.number(of: settings)
            guard let publisher = draft.addPublisher(String(decoding: name.publisher, as: UTF8.self), mode: .override)
            else { return .failure(OriginalFault("no publisher")) }
            if name.scope == .global {
                draft.setGlobal(of: publisher, [entry])
            } else {
                _ = draft.addScope(name.scope, String(decoding: name.id, as: UTF8.self), of: publisher, [entry])
            }
        }
        let postback = Postback(store: RouteStore(draft), number: 0)
        if postback.usesSecrets, !knows(postback.destination) {
            return .failure(
                OriginalFault("it uses a secret, and today's routes do not know \(postback.destination.origin)")
            )
        }
        return .success(postback)
    }

    /// What the postback says beside its URL, with its templates taken over into `draft`.
    private func settingsToday(ofKey key: [UInt8], _ draft: inout RouteStoreDraft) -> PostbackSettings? {
        guard let today = postback(forKey: key) else { return PostbackSettings() }
        var settings = today.settings
        func moved(_ number: TemplateNumber) -> TemplateNumber? {
            let kind = store.templates.head(of: number).kind
            guard case .success(let compiled) = compiler.compile(Array(store.templates.text(of: number)), as: kind)
            else { return nil }
            return draft.templates.add(compiled)
        }
        for index in settings.headers.indices {
            guard let value = moved(settings.headers[index].value) else { return nil }
            settings.headers[index].value = value
        }
        if let body = settings.body {
            guard let moved = moved(body) else { return nil }
            settings.body = moved
        }
        return settings
    }
}
