import Conversion
import Documents

extension Postback {
    /// Every field of the postback as it holds, with its origin, in the order of the routes file's documentation.
    func settingExplanations(
        _ context: ExplanationContext,
        _ retry: RetryPlan,
        _ checks: [RuleCheck]
    ) -> [SettingExplanation] {
        let origin = settings.origin
        let url: FieldOrigin = origin.tracker.map { .tracker($0) } ?? .postback
        let headers = settings.headers.filter { !$0.name.elementsEqual("Content-Type".utf8) }
        var rows = [
            SettingExplanation(key: "url", value: context.mask.url(templateText), origin: url),
            own("method", method.rawValue, isWritten: origin.written.contains(.method)),
            optional("headers", headers.isEmpty ? nil : headers.map { text($0, context) }.joined(separator: "; ")),
            optional("body", settings.body.map { context.mask.body(text($0), contentType ?? "") }),
            optional("content_type", contentType),
            optional("delay", settings.delay?.description),
            optional("max_age", settings.maxAge?.description),
            timeout.map { SettingExplanation(key: "timeout", value: $0.description, origin: .postback) }
                ?? SettingExplanation(
                    key: "timeout",
                    value: Milliseconds(context.timeout).description,
                    origin: .configuration("dispatch.timeout")
                ),
        ]
        if !checks.contains(where: { $0.rule.hasPrefix("when.") }) { rows.append(optional("when", nil)) }
        rows += checks.map { optional($0.rule, $0.wanted) }
        if !checks.contains(where: { $0.rule == "sample" }) { rows.append(optional("sample", nil)) }
        rows.append(optional("payout_share", payoutShare?.description))
        rows += retryExplanations(retry)
        rows.append(answer("success", answerRules?.success, .success, usual: "any 2xx"))
        rows.append(answer("duplicate", answerRules?.duplicate, .duplicate, usual: nil))
        rows.append(own("redirects", String(redirects), isWritten: origin.written.contains(.redirects)))
        rows.append(own("http2", String(usesHTTP2), isWritten: origin.written.contains(.http2)))
        rows.append(optional("sign", signature?.text))
        return rows
    }

    private func own(_ key: String, _ value: String, isWritten: Bool) -> SettingExplanation {
        SettingExplanation(key: key, value: value, origin: isWritten ? .postback : .usual)
    }

    private func optional(_ key: String, _ value: String?) -> SettingExplanation {
        SettingExplanation(key: key, value: value, origin: value == nil ? .usual : .postback)
    }

    private func answer(
        _ key: String,
        _ rule: AnswerRule?,
        _ flag: PostbackOrigin.Written,
        usual: String?
    ) -> SettingExplanation {
        let origin: FieldOrigin =
            if rule == nil { .usual } else if settings.origin.written.contains(flag) { .postback } else {
                settings.origin.tracker.map { .tracker($0) } ?? .postback
            }
        return SettingExplanation(key: key, value: rule?.text(key) ?? usual, origin: origin)
    }

    private func retryExplanations(_ plan: RetryPlan) -> [SettingExplanation] {
        let own = retry
        let rows: [(key: String, value: String, isOwn: Bool)] = [
            ("attempts", String(plan.attempts), own?.attempts != nil),
            ("first_delay", Milliseconds(plan.firstDelay).description, own?.firstDelay != nil),
            ("factor", Self.number(plan.factor), own?.factor != nil),
            ("max_delay", Milliseconds(plan.maxDelay).description, own?.maxDelay != nil),
            ("jitter", Self.number(plan.jitter), own?.jitter != nil),
            ("max_age", Milliseconds(plan.maxAge).description, own?.maxAge != nil),
        ]
        return rows.map { row in
            SettingExplanation(
                key: "retry.\(row.key)",
                value: row.value,
                origin: row.isOwn ? .postback : .configuration("retry.\(row.key)")
            )
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }

    private func text(_ template: TemplateNumber) -> String {
        String(decoding: store.templates.text(of: template), as: UTF8.self)
    }

    private func text(_ header: PostbackSettings.Header, _ context: ExplanationContext) -> String {
        context.mask.header("\(String(decoding: header.name, as: UTF8.self)): \(text(header.value))")
    }
}

extension Signature {
    /// The scheme and the names of its secrets.
    fileprivate var text: String {
        switch self {
        case .standardWebhooks(let secrets):
            "standard-webhooks with \(secrets.map(\.name).joined(separator: " and "))"
        case .hmacQuery(let secret, let parameter):
            "hmac-sha256-query with \(secret.name), parameter \(String(decoding: parameter, as: UTF8.self))"
        }
    }
}

extension AnswerRule {
    /// What it asks for: `a 2xx whose body holds "OK"`.
    fileprivate func text(_ key: String) -> String {
        func quoted(_ words: [[UInt8]]) -> String {
            words.map { Self.inMarks(BodyExcerpt.text($0, limit: 60)) }.joined(separator: " or ")
        }
        let usual = key == "success" ? "any 2xx" : "any status"
        var parts = [statuses.isEmpty ? usual : "status \(statuses.text)"]
        if !contains.isEmpty { parts.append("body contains \(quoted(contains))") }
        if !lacks.isEmpty { parts.append("body lacks \(quoted(lacks))") }
        if let json {
            parts.append("JSON value at \(json.pointer) is \(json.isNegated ? "not " : "")\(quoted([json.value]))")
        }
        return parts.joined(separator: ", ")
    }
}
