import Documents

/// How a tracker's answer is recognised: the `success` or `duplicate` rule that a route gets from its tracker, unless
/// it has its own. All parts that are given must hold; of several texts or statuses one is enough.
package struct TrackerAnswer: Sendable, Hashable {
    /// Codes and ranges as the routes write them: `204`, `200-299`.
    package var status: [String] = []
    package var bodyContains: [String] = []
    package var bodyLacks: [String] = []
    /// A value of a JSON answer.
    package var json: Member?

    package struct Member: Sendable, Hashable {
        /// RFC 6901.
        package var pointer: String
        /// What must stand there, or with `isNegated` must not.
        package var value: String
        package var isNegated = false
    }

    package init(
        status: [String] = [],
        bodyContains: [String] = [],
        bodyLacks: [String] = [],
        json: Member? = nil
    ) {
        self.status = status
        self.bodyContains = bodyContains
        self.bodyLacks = bodyLacks
        self.json = json
    }

    /// In words: `status 204, and the body contains "OK"`.
    package var description: String {
        func quoted(_ texts: [String]) -> String {
            texts.map(AnswerRule.inMarks).joined(separator: " or ")
        }
        var parts: [String] = []
        if !status.isEmpty { parts.append("status \(status.joined(separator: " or "))") }
        if !bodyContains.isEmpty { parts.append("the body contains \(quoted(bodyContains))") }
        if !bodyLacks.isEmpty { parts.append("the body does not contain \(quoted(bodyLacks))") }
        if let json {
            let verb = json.isNegated ? "is not" : "is"
            parts.append("the JSON value at \(json.pointer) \(verb) \(AnswerRule.inMarks(json.value))")
        }
        return parts.joined(separator: ", and ")
    }

    /// The rule as it would stand in a routes file; every part of it at `position`.
    func node(at position: SourcePosition) -> SourceNode {
        func scalar(_ text: String) -> SourceNode { SourceNode(.scalar(text, quoted: true), at: position) }
        func list(_ key: String, _ texts: [String]) -> SourceNode.Entry? {
            texts.isEmpty ? nil : entry(key, SourceNode(.sequence(texts.map(scalar)), at: position))
        }
        func entry(_ key: String, _ value: SourceNode) -> SourceNode.Entry {
            SourceNode.Entry(key: key, keyPosition: position, value: value)
        }
        var entries: [SourceNode.Entry] = []
        if !status.isEmpty {
            let codes = status.map { SourceNode(.scalar($0, quoted: false), at: position) }
            entries.append(entry("status", SourceNode(.sequence(codes), at: position)))
        }
        entries += [list("body_contains", bodyContains), list("body_lacks", bodyLacks)].compactMap { $0 }
        if let json {
            let members = [entry("pointer", scalar(json.pointer)), entry(json.key, scalar(json.value))]
            entries.append(entry("json", SourceNode(.mapping(members), at: position)))
        }
        return SourceNode(.mapping(entries), at: position)
    }
}

extension TrackerAnswer.Member {
    var key: String { isNegated ? "differs" : "equals" }
}
