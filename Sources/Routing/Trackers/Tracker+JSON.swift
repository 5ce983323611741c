import Conversion

extension Tracker {
    /// The entry as JSON: the keys that `trackers` of a configuration takes, and beside them `name`, `pattern`,
    /// `tokens` and `example`.
    package var json: String { JSONText.object(members).written }

    var members: [String: JSONText] {
        var members: [String: JSONText] = [
            "name": .text(name), "title": .text(title), "url": .text(address), "pattern": .text(pattern),
            "tokens": .texts(tokens), "example": .text(TrackerSnippet.routes(for: self)),
            "verified": .boolean(isVerified), "notes": .texts(notes), "sources": .texts(sources),
            "other_names": .texts(otherNames),
            "inputs": .object(Dictionary(inputs.map { ($0.name, $0.entry) }) { $1 }),
            "parameters": .object(Dictionary(parameters.map { ($0.name, $0.entry) }) { $1 }),
        ]
        if !statuses.isEmpty {
            members["statuses"] = .object(Dictionary(statuses.map { ($0.key.name, .text($0.value)) }) { $1 })
        }
        members["success"] = success?.entry
        members["duplicate"] = duplicate?.entry
        return members
    }
}

extension TrackerInput {
    fileprivate var entry: JSONText {
        var members: [String: JSONText] = [
            "meaning": .text(meaning), "example": .text(example), "required": .boolean(isRequired),
        ]
        members["kind"] = kind.word.map(JSONText.text)
        members["usual"] = usual.map(JSONText.text)
        if case .choice(let words) = kind { members["one_of"] = .texts(words) }
        if case .hexadecimal(let digits) = kind { members["digits"] = .number(digits) }
        return .object(members)
    }
}

extension TrackerParameter {
    fileprivate var entry: JSONText {
        var members: [String: JSONText] = ["need": .text(need.rawValue)]
        if !meaning.isEmpty { members["meaning"] = .text(meaning) }
        members["value"] = value.map(JSONText.text)
        return .object(members)
    }
}

extension TrackerAnswer {
    fileprivate var entry: JSONText {
        var members: [String: JSONText] = [:]
        if !status.isEmpty { members["status"] = .texts(status) }
        if !bodyContains.isEmpty { members["body_contains"] = .texts(bodyContains) }
        if !bodyLacks.isEmpty { members["body_lacks"] = .texts(bodyLacks) }
        if let json {
            members["json"] = .object(["pointer": .text(json.pointer), "equals": .text(json.equals)])
        }
        return .object(members)
    }
}
