import Documents

/// The name of a secret, where a template or a signature uses one.
enum SecretReference {
    /// The secret of that name; throws what to say when there is none.
    static func find(_ name: String, in secrets: SecretStore, at offset: Int) throws(TemplateFlaw) -> Secret {
        guard let key = secrets[name] else {
            let names = secrets.names
            let hint =
                if let near = Suggestion.closest(to: name, among: names) { "probably \(near)" } else if names.isEmpty {
                    "the configuration has none; it names them under secrets"
                } else { "the configuration has \(names.joined(separator: ", "))" }
            throw TemplateFlaw(at: offset, "there is no secret \"\(name)\"", hint: hint)
        }
        guard !key.isEmpty else {
            throw TemplateFlaw(
                at: offset,
                "the secret \"\(name)\" is empty",
                hint: "look at its variable or file in the configuration"
            )
        }
        return Secret(name: name, key: key)
    }
}
