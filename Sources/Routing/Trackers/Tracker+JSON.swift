import Conversion

extension Tracker {
    /// The entry as JSON: the keys that `trackers` of a configuration takes, and before them `name`, `pattern`,
    /// `tokens` and `example`.
    package var json: String { JSONText.object(described + shape).written }

    /// What follows from the entry.
    var described: [(name: String, value: JSONText)] {
        [
            ("name", .text(name)), ("pattern", .text(pattern)), ("tokens", .texts(tokens)),
            ("example", .text(TrackerSnippet.routes(for: self))),
        ]
    }

    /// The entry itself, as a configuration would write it.
    var shape: [(name: String, value: JSONText)] {
        var members: [(name: String, value: JSONText)] = [
            ("title", .text(title)), ("other_names", .texts(otherNames)), ("url", .text(address)),
            ("inputs", .object(inputs.map { ($0.name, $0.entry) })),
            ("parameters", .object(parameters.map { ($0.name, $0.entry) })),
        ]
        if !statuses.isEmpty {
            let words = ConversionStatus.allCases.compactMap { status in
                statuses[status].map { (status.name, JSONText.text($0)) }
            }
            members.append(("statuses", .object(words)))
        }
        if let success { members.append(("success", success.entry)) }
        if let duplicate { members.append(("duplicate", duplicate.entry)) }
        return members + [
            ("notes", .texts(notes)), ("sources", .texts(sources)), ("verified", .boolean(isVerified)),
        ]
    }
}

extension TrackerInput {
    fileprivate var entry: JSONText {
        var members: [(name: String, value: JSONText)] = []
        if let word = kind.word { members.append(("kind", .text(word))) }
        if case .choice(let words) = kind { members.append(("one_of", .texts(words))) }
        if case .hexadecimal(let digits) = kind { members.append(("digits", .number(digits))) }
        members += [
            ("meaning", .text(meaning)), ("example", .text(example)), ("required", .boolean(isRequired)),
        ]
        if let usual { members.append(("usual", .text(usual))) }
        if isSecret { members.append(("secret", .boolean(true))) }
        return .object(members)
    }
}

extension TrackerParameter {
    fileprivate var entry: JSONText {
        var members: [(name: String, value: JSONText)] = [("need", .text(need.rawValue))]
        if let value { members.append(("value", .text(value))) }
        if !meaning.isEmpty { members.append(("meaning", .text(meaning))) }
        return .object(members)
    }
}

extension TrackerAnswer {
    fileprivate var entry: JSONText {
        var members: [(name: String, value: JSONText)] = []
        if !status.isEmpty { members.append(("status", .texts(status))) }
        if !bodyContains.isEmpty { members.append(("body_contains", .texts(bodyContains))) }
        if !bodyLacks.isEmpty { members.append(("body_lacks", .texts(bodyLacks))) }
        if let json {
            members.append(("json", .object([("pointer", .text(json.pointer)), (json.key, .text(json.value))])))
        }
        return .object(members)
    }
}
