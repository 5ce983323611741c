import Documents

/// The name of a secret, where a template or a signature uses one.
enum SecretReference {
    /// The secret of that name; throws what to say when there is none.
    static func find(_ name: String, in secrets: SecretStore, at offset: Int) throws(TemplateFlaw) -> Secret {
        guard let key = secrets[name] else {
            throw missing(name, secrets.names, at: offset)
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

    /// Who puts the secret itself where its name belongs must not find it in a log: what was written is shown only
    /// where it is nearly a name.
    private static func missing(_ name: String, _ names: [String], at offset: Int) -> TemplateFlaw {
        if let near = names.first(where: { Suggestion.distance(name, $0) <= min(2, $0.utf8.count / 2) }) {
            return TemplateFlaw(at: offset, "there is no secret \"\(name)\"", hint: "probably \(near)")
        }
        let hint =
            names.isEmpty
            ? "the configuration has none; it names them under secrets"
            : "the name of a secret belongs here, not the secret; the configuration has \(names.joined(separator: ", "))"
        return TemplateFlaw(at: offset, "there is no secret of this name", hint: hint)
    }
}
