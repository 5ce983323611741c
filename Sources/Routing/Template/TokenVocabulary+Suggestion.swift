import Documents

extension TokenVocabulary {
    func closest(to name: String) -> String? {
        Suggestion.closest(to: name, among: names)
    }

    /// The flaw of a token whose name means nothing.
    func unknownToken(_ name: String, at offset: Int) -> TemplateFlaw {
        let lower = name.lowercased()
        if lower == "sub_ids" || lower == "sub_ids." || lower == "parameters" || lower == "parameters." {
            let group = lower.hasSuffix(".") ? lower : lower + "."
            return TemplateFlaw(
                at: offset,
                "{{\(name)}} is a whole group of values",
                hint: "name one of them, such as {{\(group)campaign}}"
            )
        }
        let hint =
            if let suggestion = suggestion(for: name) { "probably {{\(suggestion)}}" } else {
                "what the network sends under another name is {{parameters.NAME}} or {{sub_ids.NAME}}"
            }
        return TemplateFlaw(at: offset, "there is no token {{\(name)}}", hint: hint)
    }
}
