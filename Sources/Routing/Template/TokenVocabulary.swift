import Conversion

/// The names a template may use between `{{` and `}}`: the contract's, the aliases, and the configuration's own.
///
/// Names are matched in any case; the part after `sub_ids.` and `parameters.` exactly.
package struct TokenVocabulary: Sendable {
    /// The contract's tokens with the seed network's aliases `EXTERNAL_ID` and `MONEY`.
    package static let standard = TokenVocabulary()

    /// What is wrong with the `tokens` of a configuration: every flaw with the key it belongs to.
    package struct Invalid: Error, Sendable, Equatable, CustomStringConvertible {
        package struct Flaw: Sendable, Equatable {
            /// For example `aliases.MONEY`.
            package let key: String
            package let message: String
            package let hint: String?
        }

        package let flaws: [Flaw]

        package var description: String {
            flaws.map { "\($0.key): \($0.message)" + ($0.hint.map { " (\($0))" } ?? "") }.joined(separator: "\n")
        }
    }

    private var sources: [String: TokenSource]
    private(set) var pointers: [JSONPointer] = []
    /// Every name as it is written in a template, for suggestions.
    private(set) var names: [String]
    /// What filters may name.
    var secrets = SecretStore.empty

    var filters: FilterVocabulary { FilterVocabulary(secrets: secrets) }

    private init() {
        sources = Self.builtIn
        names = Self.builtIn.keys.sorted() + ["EXTERNAL_ID", "MONEY"]
        sources["external_id"] = .field(.clickID)
        sources["money"] = .field(.payoutAmount)
    }

    /// The standard tokens and more: `aliases` maps a further name to a token, `custom` a name to a JSON Pointer
    /// (RFC 6901) into the event. An alias may be given again with another meaning; a token's own name may not.
    package init(aliases: [String: String], custom: [String: String]) throws(Invalid) {
        self.init()
        var flaws: [Invalid.Flaw] = []
        for (name, pointer) in custom.sorted(by: { $0.key < $1.key }) {
            if let flaw = add(name, pointer: pointer) { flaws.append(flaw) }
        }
        for (name, token) in aliases.sorted(by: { $0.key < $1.key }) {
            if let flaw = add(name, alias: token) { flaws.append(flaw) }
        }
        if !flaws.isEmpty { throw Invalid(flaws: flaws) }
    }

    /// The meaning of a name, or nil when there is none.
    func source(of name: String) -> TokenSource? {
        let lower = name.lowercased()
        if let source = sources[lower] { return source }
        if lower.hasPrefix("sub_ids."), name.utf8.count > 8 { return .subID(String(name.dropFirst(8))) }
        if lower.hasPrefix("parameters."), name.utf8.count > 11 { return .parameter(String(name.dropFirst(11))) }
        return nil
    }

    /// The token that `name` was probably meant to be: another network's word for it, or a slip of the pen.
    func suggestion(for name: String) -> String? {
        if source(of: name) != nil { return Self.builtIn[name.lowercased()] == nil ? name : name.lowercased() }
        return ForeignName.token(for: name) ?? closest(to: name)
    }

    private mutating func add(_ name: String, pointer text: String) -> Invalid.Flaw? {
        let key = "custom.\(name)"
        if let flaw = nameFlaw(name, key: key) { return flaw }
        do {
            let pointer = try JSONPointer(parsing: text)
            if text == "/click_id" {
                // The same rule for the same value: an empty click id is never sent.
                sources[name.lowercased()] = .field(.clickID)
            } else if text == "/payout/amount" {
                // `payout_share` holds for this name too.
                sources[name.lowercased()] = .field(.payoutAmount)
            } else {
                sources[name.lowercased()] = .pointer(pointers.count)
                pointers.append(pointer)
            }
            names.append(name)
            return nil
        } catch {
            return Invalid.Flaw(
                key: key,
                message: "\"\(text)\" is not a JSON Pointer: \(error)",
                hint: "such as /parameters/campaign/id"
            )
        }
    }

    private mutating func add(_ name: String, alias token: String) -> Invalid.Flaw? {
        let key = "aliases.\(name)"
        if let flaw = nameFlaw(name, key: key) { return flaw }
        guard let source = source(of: token) else {
            return Invalid.Flaw(
                key: key,
                message: "there is no token \"\(token)\"",
                hint: suggestion(for: token).map { "probably \($0)" }
            )
        }
        sources[name.lowercased()] = source
        names.append(name)
        return nil
    }

    private func nameFlaw(_ name: String, key: String) -> Invalid.Flaw? {
        guard TokenName.isValid(name) else {
            return Invalid.Flaw(
                key: key,
                message: "\"\(name)\" cannot be the name of a token",
                hint: "a letter or _, then letters, digits, _, - and dots"
            )
        }
        let lower = name.lowercased()
        guard Self.builtIn[lower] == nil, !lower.hasPrefix("sub_ids."), !lower.hasPrefix("parameters.") else {
            return Invalid.Flaw(
                key: key,
                message: "{{\(lower)}} has its own meaning already",
                hint: "choose another name"
            )
        }
        return nil
    }

    private static let builtIn: [String: TokenSource] = {
        var sources: [String: TokenSource] = [
            "event_id": .field(.id), "payout": .field(.payoutAmount), "currency": .field(.payoutCurrency),
            "test": .test, "route": .route, "attempt": .attempt, "timestamp": .timestamp, "now": .now,
            "random": .random,
        ]
        for field in EventField.allCases { sources[field.name] = .field(field) }
        return sources
    }()
}
