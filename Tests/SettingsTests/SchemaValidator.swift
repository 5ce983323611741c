import Documents

/// The part of JSON Schema 2020-12 that config.schema.json uses. A keyword it does not know is a failure of its own, so
/// that no rule of the schema goes unchecked.
struct SchemaValidator {
    let root: SourceNode

    /// What is wrong with `value`, each with its path; nothing when it fits.
    func failures(in value: SourceNode) -> [String] {
        failures(value, root, "$")
    }

    private func failures(_ value: SourceNode, _ schema: SourceNode, _ path: String) -> [String] {
        (schema.entries ?? []).flatMap { entry in
            check(value, keyword: entry.key, entry.value, schema, path)
        }
    }

    private func check(
        _ value: SourceNode,
        keyword: String,
        _ rule: SourceNode,
        _ schema: SourceNode,
        _ path: String
    ) -> [String] {
        switch keyword {
        case "$schema", "$id", "title", "description", "default", "$defs":
            return []
        case "$ref":
            guard let target = rule.text.flatMap(resolve) else { return ["\(path): no such definition"] }
            return failures(value, target, path)
        case "anyOf":
            let all = items(rule).map { failures(value, $0, path) }
            return all.contains { $0.isEmpty } ? [] : ["\(path): fits none of anyOf"]
        case "type":
            let names = rule.text.map { [$0] } ?? items(rule).compactMap(\.text)
            return names.contains { JSONType(value).fits($0) } ? [] : ["\(path): not \(names)"]
        case "enum":
            return items(rule).contains { $0.text == value.text } ? [] : ["\(path): not in enum"]
        case "minimum": return failed(path, keyword, number(value).map { $0 >= number(rule) ?? 0 })
        case "maximum": return failed(path, keyword, number(value).map { $0 <= number(rule) ?? 0 })
        case "minLength": return failed(path, keyword, string(value).map { $0.count >= integer(rule) })
        case "pattern":
            guard let pattern = rule.text, let expression = try? Regex(pattern) else { return ["\(path): bad pattern"] }
            return failed(path, keyword, string(value).map { $0.firstMatch(of: expression) != nil })
        case "minItems": return failed(path, keyword, list(value).map { $0.count >= integer(rule) })
        case "maxItems": return failed(path, keyword, list(value).map { $0.count <= integer(rule) })
        case "items": return (list(value) ?? []).flatMap { failures($0, rule, path + "[]") }
        case "minProperties": return failed(path, keyword, members(value).map { $0.count >= integer(rule) })
        case "maxProperties": return failed(path, keyword, members(value).map { $0.count <= integer(rule) })
        case "properties":
            return (members(value) ?? []).flatMap { member in
                member.value(in: rule).map { failures(member.value, $0, "\(path).\(member.key)") } ?? []
            }
        case "additionalProperties":
            let known = schema.entries?.first { $0.key == "properties" }?.value
            let others = (members(value) ?? []).filter { member in known.flatMap { member.value(in: $0) } == nil }
            if rule.text == "false" { return others.map { "\(path).\($0.key): not allowed" } }
            return others.flatMap { failures($0.value, rule, "\(path).\($0.key)") }
        case "propertyNames":
            return (members(value) ?? []).flatMap {
                failures(SourceNode(.scalar($0.key, quoted: true), at: $0.keyPosition), rule, "\(path).\($0.key)")
            }
        case "dependentRequired":
            let present = Set((members(value) ?? []).map(\.key))
            return (rule.entries ?? []).filter { present.contains($0.key) }
                .flatMap { entry in items(entry.value).compactMap(\.text) }
                .filter { !present.contains($0) }.map { "\(path).\($0): missing" }
        default:
            return ["\(path): unknown keyword \(keyword)"]
        }
    }

    private func resolve(_ reference: String) -> SourceNode? {
        reference.split(separator: "/").dropFirst().reduce(root) { node, key in
            node?.entries?.first { $0.key == key }?.value
        }
    }

    /// A keyword that does not apply to the type of the value (nil) holds.
    private func failed(_ path: String, _ keyword: String, _ holds: Bool?) -> [String] {
        holds == false ? ["\(path): \(keyword)"] : []
    }

    private func items(_ node: SourceNode) -> [SourceNode] { list(node) ?? [] }

    private func list(_ node: SourceNode) -> [SourceNode]? {
        if case .sequence(let nodes) = node.content { nodes } else { nil }
    }

    private func members(_ node: SourceNode) -> [SourceNode.Entry]? {
        if case .mapping(let entries) = node.content { entries } else { nil }
    }

    private func number(_ node: SourceNode) -> Double? {
        JSONType(node).fits("number") ? node.text.flatMap(Double.init) : nil
    }

    private func string(_ node: SourceNode) -> String? {
        JSONType(node).fits("string") ? node.text : nil
    }

    private func integer(_ node: SourceNode) -> Int { node.text.flatMap { Int($0) } ?? 0 }
}

extension SourceNode.Entry {
    fileprivate func value(in properties: SourceNode) -> SourceNode? {
        properties.entries?.first { $0.key == key }?.value
    }
}

/// The JSON type of a value under YAML's core schema (YAML 1.2, 10.3.2).
enum JSONType: String {
    case null, boolean, integer, number, string, array, object

    init(_ node: SourceNode) {
        switch node.content {
        case .null: self = .null
        case .sequence: self = .array
        case .mapping: self = .object
        case .scalar(_, quoted: true), .scalar("", _): self = .string
        case .scalar("true", _), .scalar("false", _): self = .boolean
        case .scalar(let text, _):
            if text.wholeMatch(of: /[-+]?[0-9]+/) != nil {
                self = .integer
            } else if text.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil {
                self = .number
            } else {
                self = .string
            }
        }
    }

    func fits(_ name: String) -> Bool {
        rawValue == name || (name == "number" && self == .integer)
    }
}
