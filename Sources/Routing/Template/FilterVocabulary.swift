import Documents

/// The filters by name, and what each allows.
enum FilterVocabulary {
    private static let names = ["default", "lower", "upper", "raw"]
    /// Promised by the contract, not built into this version.
    private static let notYet: Set<String> = [
        "md5", "sha1", "sha256", "hmac_sha256", "base64", "percent", "round", "date", "unix", "map", "truncate",
    ]
    private static let foreign = [
        "lowercase": "lower", "downcase": "lower", "lc": "lower", "tolower": "lower", "uppercase": "upper",
        "upcase": "upper", "uc": "upper", "toupper": "upper", "ifempty": "default", "or": "default",
        "urlencode": "", "escape": "", "encode": "", "url_encode": "",
    ]

    static func add(
        _ name: String,
        _ argument: [UInt8]?,
        to token: inout TemplateToken,
        at offset: Int
    ) throws(TemplateFlaw) {
        switch name.lowercased() {
        case "default":
            if token.source.isRequired {
                throw TemplateFlaw(
                    at: offset,
                    "{{\(token.name)}} can have no default: a postback without its click id is never sent",
                    hint: "leave the filter out; such a delivery ends as missing_token"
                )
            }
            guard let argument else {
                throw TemplateFlaw(at: offset, "the filter default needs a text", hint: "default:\"0\"")
            }
            token.filters.append(.fallback(argument))
        case "lower":
            try refuse(argument, of: name, at: offset)
            token.filters.append(.lower)
        case "upper":
            try refuse(argument, of: name, at: offset)
            token.filters.append(.upper)
        case "raw":
            try refuse(argument, of: name, at: offset)
            token.isRaw = true
        default:
            throw unknown(name, at: offset)
        }
    }

    private static func refuse(_ argument: [UInt8]?, of name: String, at offset: Int) throws(TemplateFlaw) {
        if argument != nil { throw TemplateFlaw(at: offset, "the filter \(name) takes no argument") }
    }

    private static func unknown(_ name: String, at offset: Int) -> TemplateFlaw {
        let lower = name.lowercased()
        if notYet.contains(lower) {
            return TemplateFlaw(
                at: offset,
                "this version does not support the filter \(lower) yet",
                hint: "supported: \(names.joined(separator: ", "))"
            )
        }
        if foreign[lower] == "" {
            return TemplateFlaw(
                at: offset,
                "there is no filter \(name)",
                hint: "values are encoded by themselves; leave it out"
            )
        }
        let meant = foreign[lower] ?? Suggestion.closest(to: name, among: names + notYet.sorted())
        return TemplateFlaw(
            at: offset,
            "there is no filter \(name)",
            hint: meant.map { "probably \($0)" } ?? "supported: \(names.joined(separator: ", "))"
        )
    }
}
