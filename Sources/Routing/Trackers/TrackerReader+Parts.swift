import Documents

extension TrackerReader {
    /// The parameters of the URL, with what `parameters` says about them, and the further ones it lists.
    mutating func parameters(
        _ field: SourceNode.Entry?,
        _ pattern: TrackerPattern,
        at url: SourceNode.Entry
    ) -> [TrackerParameter] {
        var result: [TrackerParameter] = []
        for part in pattern.parameters {
            guard let value = part.value, !value.isEmpty else {
                routes.log.error(
                    at: url.value.position,
                    "the parameter \"\(part.name)\" of the url has no value",
                    hint: "give it one, or list it under parameters"
                )
                continue
            }
            let need: TrackerParameter.Need = value.contains("{{click_id") ? .required : .sent
            result.append(TrackerParameter(part.name, need, value, ""))
        }
        guard let field else { return result }
        guard let entries = field.value.entries else {
            routes.log.within(field.key) { log in
                log.error(at: field.value.position, "must be a mapping of name to parameter, not \(field.value.kind)")
            }
            return result
        }
        routes.log.path.append(field.key)
        for entry in entries {
            routes.log.path.append(entry.key)
            let place = result.firstIndex { $0.name == entry.key }
            let known = place.map { result[$0] } ?? TrackerParameter(entry.key, .optional, nil, "")
            let parameter = self.parameter(entry, known)
            if let place { result[place] = parameter } else { result.append(parameter) }
            routes.log.path.removeLast()
        }
        routes.log.path.removeLast()
        return result
    }

    /// `txid: "{{event_id}}"`, or a mapping of `value`, `need` and `meaning`.
    private mutating func parameter(_ entry: SourceNode.Entry, _ known: TrackerParameter) -> TrackerParameter {
        var parameter = known
        if let text = entry.value.text {
            parameter.value = text
            return parameter
        }
        guard let fields = entry.value.entries else {
            routes.log.error(
                at: entry.value.position,
                "must be the value to send or a mapping of value, need and meaning"
            )
            return parameter
        }
        for field in fields {
            switch field.key {
            case "value": parameter.value = text(field)
            case "meaning": parameter.meaning = text(field) ?? ""
            case "need":
                if let need = word(field, TrackerParameter.Need.allCases.map(\.rawValue)) {
                    parameter.need = TrackerParameter.Need(rawValue: need) ?? parameter.need
                }
            default: refuse(field, ["value", "need", "meaning"])
            }
        }
        if parameter.need != .optional, parameter.value == nil {
            routes.log.error(at: entry.keyPosition, "a parameter that is sent needs a value")
        }
        return parameter
    }

    /// What `inputs` lists; every `<name>` of the URL must be among them, `<domain>` and `<path>` may be left out.
    mutating func inputs(
        _ field: SourceNode.Entry?,
        _ tracker: Tracker,
        at url: SourceNode.Entry
    ) -> [TrackerInput] {
        var result: [TrackerInput] = []
        for entry in field?.value.entries ?? [] {
            routes.log.path += ["inputs", entry.key]
            if let input = input(entry) { result.append(input) }
            routes.log.path.removeLast(2)
        }
        if let field, field.value.entries == nil {
            routes.log.within(field.key) { log in
                log.error(at: field.value.position, "must be a mapping of name to input, not \(field.value.kind)")
            }
        }
        let texts = [tracker.address] + tracker.parameters.flatMap { [$0.name, $0.value ?? ""] }
        var wanted: [String] = []
        for name in texts.flatMap(TrackerPattern.placeholders) where !wanted.contains(name) && name != "status" {
            wanted.append(name)
        }
        for name in wanted where !result.contains(where: { $0.name == name }) {
            switch name {
            case "domain": result.insert(.domain(example: "track.example.com"), at: 0)
            case "path": result.append(.optional("path", .path, "the path of your postback URL", example: "my"))
            default:
                routes.log.error(
                    at: url.value.position,
                    "the url asks for <\(name)>, and inputs does not say what that is",
                    hint: "such as inputs: { \(name): { meaning: ..., example: ... } }"
                )
            }
        }
        for input in result where !wanted.contains(input.name) {
            routes.log.error(
                at: field?.value.position ?? url.value.position,
                "nothing asks for the input \(input.name)",
                hint: "write <\(input.name)> where it belongs in the url"
            )
        }
        return result
    }

    private mutating func input(_ entry: SourceNode.Entry) -> TrackerInput? {
        guard entry.key != TrackerForm.parametersKey, !RouteKeys.postback.contains(entry.key),
            entry.key != "status", TokenName.isValid(entry.key)
        else {
            routes.log.error(
                at: entry.keyPosition,
                "\"\(entry.key)\" cannot be the name of an input: it has its own meaning in a postback",
                hint: "such as account"
            )
            return nil
        }
        guard case .mapping(let fields) = entry.value.content else {
            routes.log.error(at: entry.value.position, "must be a mapping of kind, meaning and example")
            return nil
        }
        let usualKind: TrackerInput.Kind = entry.key == "domain" ? .domain : entry.key == "path" ? .path : .word
        var input = TrackerInput(entry.key, usualKind, "", example: "")
        var digits: Int?
        var isRequired: Bool?
        for field in fields {
            switch field.key {
            case "kind":
                if let word = word(field, TrackerInput.Kind.words) { input.kind = TrackerInput.Kind(word: word) }
            case "digits": digits = number(field)
            case "one_of": input.kind = .choice(words(field))
            case "meaning": input.meaning = text(field) ?? ""
            case "example": input.example = text(field) ?? ""
            case "required": isRequired = boolean(field)
            case "usual": input.usual = text(field)
            case "secret": input.isSecret = boolean(field) ?? false
            default:
                refuse(field, ["kind", "digits", "one_of", "meaning", "example", "required", "usual", "secret"])
            }
        }
        if case .hexadecimal = input.kind { input.kind = .hexadecimal(digits: digits ?? 32) }
        input.isRequired = isRequired ?? (input.usual == nil)
        if input.meaning.isEmpty || input.example.isEmpty {
            routes.log.error(at: entry.keyPosition, "an input needs a meaning and an example")
            return nil
        }
        return input
    }

    private mutating func word(_ field: SourceNode.Entry, _ allowed: [String]) -> String? {
        if let text = field.value.text, allowed.contains(text) { return text }
        let closest = field.value.text.flatMap { Suggestion.closest(to: $0, among: allowed) }
        return routes.log.within(field.key) { log in
            log.error(
                at: field.value.position,
                "must be one of \(allowed.joined(separator: ", "))",
                hint: closest.map { "probably \($0)" }
            )
            return nil
        }
    }

    private mutating func words(_ field: SourceNode.Entry) -> [String] {
        if case .sequence(let nodes) = field.value.content, !nodes.isEmpty {
            let words = nodes.compactMap(\.text)
            if words.count == nodes.count,
                words.allSatisfy({
                    $0 == $0.lowercased() && !$0.isEmpty && $0.utf8.allSatisfy(URICharacters.isUnreserved)
                })
            {
                return words
            }
        }
        return routes.log.within(field.key) { log in
            log.error(at: field.value.position, "must be a list of words in lower case")
            return []
        }
    }

    private mutating func number(_ field: SourceNode.Entry) -> Int? {
        if let text = field.value.text, let number = Int(text), (1...200).contains(number) { return number }
        return routes.log.within(field.key) { log in
            log.error(at: field.value.position, "must be a whole number from 1 to 200")
            return nil
        }
    }

    private mutating func refuse(_ field: SourceNode.Entry, _ allowed: [String]) {
        let closest = Suggestion.closest(to: field.key, among: allowed)
        routes.log.error(
            at: field.keyPosition,
            "there is no key \"\(field.key)\" here",
            hint: closest.map { "probably \($0)" } ?? "allowed: \(allowed.joined(separator: ", "))"
        )
    }
}
