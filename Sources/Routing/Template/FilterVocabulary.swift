import Conversion
import Documents

/// The filters by name, and what each allows.
struct FilterVocabulary {
    static let names = [
        "default", "lower", "upper", "md5", "sha1", "sha256", "hmac_sha256", "base64", "percent", "round", "date",
        "unix", "map", "truncate", "raw",
    ]
    private static let foreign = [
        "lowercase": "lower", "downcase": "lower", "lc": "lower", "tolower": "lower", "uppercase": "upper",
        "upcase": "upper", "uc": "upper", "toupper": "upper", "ifempty": "default", "or": "default",
        "sha": "sha256", "sha2": "sha256", "hmac": "hmac_sha256", "hmac_sha256_hex": "hmac_sha256",
        "b64": "base64", "base64_encode": "base64", "pct": "percent", "times": "percent", "strftime": "date",
        "format": "date", "epoch": "unix", "timestamp": "unix", "limit": "truncate", "cut": "truncate",
        "substr": "truncate", "substring": "truncate", "left": "truncate", "replace": "map",
        "urlencode": "", "escape": "", "encode": "", "url_encode": "", "url": "",
    ]

    let secrets: SecretStore

    /// Puts a filter behind those the token has; `offset` is where its name stands.
    func add(
        _ name: String,
        _ argument: [UInt8]?,
        to token: inout TemplateToken,
        at offset: Int
    ) throws(TemplateFlaw) {
        let use = FilterUse(name: name.lowercased(), argument: argument, offset: offset)
        switch use.name {
        case "default": try addDefault(use, to: &token)
        case "lower": try add(.lower, use, to: &token)
        case "upper": try add(.upper, use, to: &token)
        case "md5", "sha1", "sha256":
            guard let kind = DigestKind(rawValue: use.name) else { throw Self.unknown(name, at: offset) }
            try add(.digest(kind), use, to: &token, becoming: .text)
        case "hmac_sha256": token.add(.hmacSHA256(try secret(use)), becoming: .text)
        case "base64": try add(.base64, use, to: &token, becoming: .text)
        case "percent":
            try use.check(token, is: .number, "payout, attempt, parameters.NAME and sub_ids.NAME")
            token.add(.percent(try use.percent()), becoming: .number)
        case "round":
            try use.check(token, is: .number, "payout, attempt, parameters.NAME and sub_ids.NAME")
            let digits = try use.whole(in: 0...18, "a number of digits", example: "round:2")
            token.add(.round(digits), becoming: .number)
        case "date":
            try use.check(token, is: .time, Self.times)
            token.add(.date(try use.dateFormat()), becoming: .text)
        case "unix":
            try use.refuseArgument()
            try use.check(token, is: .time, Self.times)
            token.add(.unix, becoming: .number)
        case "map": token.add(.map(try use.map()), becoming: .any)
        case "truncate":
            let count = try use.whole(in: 1...8_000, "a number of characters", example: "truncate:100")
            token.add(.truncate(count), becoming: .text)
        case "raw":
            try use.refuseArgument()
            token.isRaw = true
        default: throw Self.unknown(name, at: offset)
        }
    }

    private static let times = "occurred_at, clicked_at, timestamp, now, parameters.NAME and sub_ids.NAME"

    private func add(
        _ filter: TokenFilter,
        _ use: FilterUse,
        to token: inout TemplateToken,
        becoming type: ValueType? = nil
    ) throws(TemplateFlaw) {
        try use.refuseArgument()
        token.add(filter, becoming: type ?? token.type)
    }

    private func addDefault(_ use: FilterUse, to token: inout TemplateToken) throws(TemplateFlaw) {
        if token.source.isRequired {
            throw TemplateFlaw(
                at: use.offset,
                "{{\(token.name)}} can have no default: a postback without its click id is never sent",
                hint: "leave the filter out; such a delivery ends as missing_token"
            )
        }
        guard let argument = use.argument else {
            throw TemplateFlaw(at: use.offset, "the filter default needs a text", hint: "default:\"0\"")
        }
        let fits = argument.isEmpty || token.type.allows(argument)
        token.add(.fallback(argument), becoming: fits ? token.type : .text)
    }

    private func secret(_ use: FilterUse) throws(TemplateFlaw) -> Secret {
        let name = try use.text("the name of a secret", example: "hmac_sha256:\"partner-hmac\"")
        return try SecretReference.find(name, in: secrets, at: use.offset)
    }

    private static func unknown(_ name: String, at offset: Int) -> TemplateFlaw {
        let lower = name.lowercased()
        if foreign[lower] == "" {
            return TemplateFlaw(
                at: offset,
                "there is no filter \(name)",
                hint: "values are encoded by themselves; leave it out"
            )
        }
        let meant = foreign[lower] ?? Suggestion.closest(to: name, among: names)
        return TemplateFlaw(
            at: offset,
            "there is no filter \(name)",
            hint: meant.map { "probably \($0)" } ?? "allowed: \(names.joined(separator: ", "))"
        )
    }
}
